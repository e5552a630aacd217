package io.kubeserve.metrics.spring;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The metrics that contexts have in one registry: several contexts at a time have the same ones,
 * and those of the last context stay until another one comes, so that whoever reads the registry
 * last finds them. See {@code docs/rationale.md}.
 *
 * <p>It is in the registry itself, as a collector of nothing: so it lives as long as that, and is
 * gone when somebody cleared it.
 *
 * @param <M> the type of the metrics
 */
final class RegistryTenancy<M> implements MultiCollector {
  private static final Map<PrometheusRegistry, Map<Class<?>, WeakReference<RegistryTenancy<?>>>>
      TENANCIES = new WeakHashMap<>();

  private final PrometheusRegistry registry;
  private final M metrics;
  private final Object options;

  // Guarded by TENANCIES.
  private int contexts = 1;

  private volatile boolean wasAsked;

  private RegistryTenancy(PrometheusRegistry registry, M metrics, Object options) {
    this.registry = registry;
    this.metrics = metrics;
    this.options = options;
  }

  /**
   * Returns the tenancy of a registry for one more context.
   *
   * @param options what the metrics are configured with
   * @param build makes them, if no context has them
   * @throws IllegalStateException if another context has them with other options
   */
  static <M> RegistryTenancy<M> enter(
      PrometheusRegistry registry, Class<M> type, Object options, Supplier<M> build) {
    synchronized (TENANCIES) {
      RegistryTenancy<M> known = of(registry, type);
      if (known != null && known.contexts > 0 && known.isRegistered()) {
        known.requireSame(options, type);
        known.contexts++;
        return known;
      }
      free(registry, type);
      RegistryTenancy<M> tenancy = new RegistryTenancy<>(registry, build.get(), options);
      registry.register(tenancy);
      TENANCIES
          .computeIfAbsent(registry, absent -> new HashMap<>())
          .put(type, new WeakReference<>(tenancy));
      return tenancy;
    }
  }

  @SuppressWarnings("unchecked") // the class is the key
  private static <M> @Nullable RegistryTenancy<M> of(PrometheusRegistry registry, Class<M> type) {
    WeakReference<RegistryTenancy<?>> reference =
        TENANCIES.getOrDefault(registry, Map.of()).get(type);
    return reference == null ? null : (RegistryTenancy<M>) reference.get();
  }

  private void requireSame(Object others, Class<?> type) {
    if (!options.equals(others)) {
      throw new IllegalStateException(
          "Another application context has %s in the same registry with other properties, %s and not %s: give both the same kubeserve.metrics.* and customizers, or each a PrometheusRegistry of its own."
              .formatted(type.getSimpleName(), options, others));
    }
  }

  /** Asks the registry: one that was cleared has the names of the metrics no more. */
  private boolean isRegistered() {
    wasAsked = false;
    try {
      registry.scrape(name -> false);
    } catch (RuntimeException foreign) {
      return true; // a collector that throws says nothing of this one
    }
    return wasAsked;
  }

  /** Removes the metrics that the last context left in a registry, if there are any. */
  static void free(PrometheusRegistry registry, Class<?> type) {
    synchronized (TENANCIES) {
      RegistryTenancy<?> known = of(registry, type);
      if (known != null && (known.contexts == 0 || !known.isRegistered())) {
        known.remove();
      }
    }
  }

  M metrics() {
    return metrics;
  }

  /**
   * Lets a context go. A registry of another class loader, as of a servlet container, outlives the
   * application: what stayed there would keep all of it in memory.
   */
  void leave() {
    synchronized (TENANCIES) {
      contexts--;
      boolean outlives =
          PrometheusRegistry.class.getClassLoader() != RegistryTenancy.class.getClassLoader();
      if (contexts == 0 && outlives) {
        remove();
      }
    }
  }

  private void remove() {
    MetricsLifecycle.unregister(metrics);
    registry.unregister(this);
    Map<Class<?>, WeakReference<RegistryTenancy<?>>> ofRegistry = TENANCIES.get(registry);
    if (ofRegistry != null) {
      ofRegistry.remove(metrics.getClass());
    }
  }

  @Override
  public MetricSnapshots collect() {
    wasAsked = true;
    return new MetricSnapshots();
  }
}
