package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Registers a collector in a registry that has none of its names.
 *
 * <p>client_java checks names itself in some versions and, for a collector of several families, not
 * in others; asking the registry for them works in all.
 */
public final class Registration {
  private static final System.Logger LOGGER = System.getLogger(Registration.class.getName());

  /** The thread that looks for names; {@code null} mostly. */
  private static volatile @Nullable Thread looking;

  private Registration() {}

  /** Returns whether the calling thread scrapes for names alone, and nobody sees the values. */
  static boolean isLooking() {
    return looking == Thread.currentThread();
  }

  /**
   * Registers a collector.
   *
   * @param registry where to
   * @param collector what shows the families
   * @param families what the collector shows
   * @param owner the class that a user built, for the message
   * @throws IllegalStateException if the registry has one of the families already
   */
  public static synchronized void register(
      PrometheusRegistry registry,
      MultiCollector collector,
      List<MetricFamily> families,
      Class<?> owner) {
    MetricSnapshots taken = taken(registry, registryNames(families));
    if (taken.size() > 0) {
      throw new IllegalStateException(
          "The registry has a metric named %s already: build %s once for a registry and share it, unregister() the other one first, remove a metric of your own that has the name, or give builder().registry(...) another registry."
              .formatted(taken.get(0).getMetadata().getPrometheusName(), owner.getSimpleName()));
    }
    registry.register(collector);
  }

  private static MetricSnapshots taken(PrometheusRegistry registry, List<String> names) {
    looking = Thread.currentThread();
    try {
      return registry.scrape(names::contains);
    } catch (RuntimeException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "A collector of the registry throws, so nobody can tell whether it has names of ours.",
          e);
      return new MetricSnapshots();
    } finally {
      looking = null;
    }
  }

  /**
   * Returns the names that a collector tells its registry.
   *
   * @param families what the collector shows
   * @return their names, as client_java's registry knows them
   */
  public static List<String> registryNames(List<MetricFamily> families) {
    return families.stream().map(MetricFamily::registryName).toList();
  }
}
