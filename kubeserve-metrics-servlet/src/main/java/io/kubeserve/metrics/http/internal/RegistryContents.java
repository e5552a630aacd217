package io.kubeserve.metrics.http.internal;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The collectors of a registry, which client_java keeps to itself: looked up by reflection, and
 * only when a scrape has failed. See {@code docs/rationale.md}.
 *
 * @param collectors those of one family each
 * @param multiCollectors those of several
 */
record RegistryContents(List<Collector> collectors, List<MultiCollector> multiCollectors) {
  /**
   * Looks the collectors up.
   *
   * @param failure why; thrown on where they cannot be had
   */
  static RegistryContents of(PrometheusRegistry registry, Throwable failure) {
    try {
      return new RegistryContents(
          read(registry, "collectors", Collector.class),
          read(registry, "multiCollectors", MultiCollector.class));
    } catch (ReflectiveOperationException | RuntimeException e) {
      failure.addSuppressed(e);
      throw new IllegalStateException("A collector throws, so there is no scrape.", failure);
    }
  }

  private static <T> List<T> read(PrometheusRegistry registry, String name, Class<T> type)
      throws ReflectiveOperationException {
    Field field = PrometheusRegistry.class.getDeclaredField(name);
    field.setAccessible(true);
    List<T> elements = new ArrayList<>();
    for (Object element : (Collection<?>) field.get(registry)) {
      elements.add(type.cast(element));
    }
    return elements;
  }
}
