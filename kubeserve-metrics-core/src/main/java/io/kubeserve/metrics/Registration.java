package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.PredictionCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * Registers a collector in a registry that has none of its names.
 *
 * <p>client_java checks names itself in some versions and, for a collector of several families, not
 * in others; asking the registry for them works in all.
 */
final class Registration {
  private Registration() {}

  static synchronized void register(PrometheusRegistry registry, PredictionCollector collector) {
    MetricSnapshots taken = registry.scrape(PredictionCollector.REGISTRY_NAMES::contains);
    if (taken.size() > 0) {
      throw new IllegalStateException(
          "The registry has a metric named %s already: build PredictionMetrics once for a registry and share it, close() the other one first, or give builder().registry(...) another registry."
              .formatted(taken.get(0).getMetadata().getPrometheusName()));
    }
    registry.register(collector);
  }
}
