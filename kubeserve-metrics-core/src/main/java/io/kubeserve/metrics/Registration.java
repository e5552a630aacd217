package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.MetricFamily;
import io.kubeserve.metrics.internal.PredictionCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Registers a collector in a registry that has none of its names.
 *
 * <p>client_java checks names itself in some versions (1.2) and, for a collector of several
 * families, not in others (1.5); asking the registry for them works in all.
 */
final class Registration {
  private static final Set<String> NAMES =
      Arrays.stream(MetricFamily.values())
          .map(MetricFamily::registryName)
          .collect(Collectors.toUnmodifiableSet());

  private Registration() {}

  static void register(PrometheusRegistry registry, PredictionCollector collector) {
    synchronized (registry) {
      MetricSnapshots taken = registry.scrape(NAMES::contains);
      if (taken.size() > 0) {
        throw new IllegalStateException(
            "The registry has a metric named %s already: build PredictionMetrics once for a registry and share it, close() the other one first, or give builder().registry(...) another registry."
                .formatted(taken.get(0).getMetadata().getPrometheusName()));
      }
      registry.register(collector);
    }
  }
}
