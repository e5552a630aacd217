package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.HttpFamilies;
import io.kubeserve.metrics.internal.Registration;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The collector that shows every handler's cells to a registry of client_java. */
final class HttpCollector implements MultiCollector {
  static final List<MetricFamily> FAMILIES = HttpFamilies.ALL;

  private static final List<String> REGISTRY_NAMES = Registration.registryNames(FAMILIES);

  private final Handlers handlers;
  private final @Nullable LongAdder started;
  private final long createdMillis = System.currentTimeMillis();

  /**
   * Makes the collector of some handlers.
   *
   * @param handlers what has ended
   * @param started what has started; {@code null} to show no gauge of requests in progress
   */
  HttpCollector(Handlers handlers, @Nullable LongAdder started) {
    this.handlers = handlers;
    this.started = started;
  }

  @Override
  public MetricSnapshots collect() {
    HttpPoints points = new HttpPoints(createdMillis);
    handlers.forEach(points::add);
    // After the ends, so that the start of every end was seen: the gauge is never negative.
    if (started != null) {
      points.addInProgress(started.sum());
    }
    points.addFolded(handlers.folded(), handlers.firstFoldMillis());
    return new MetricSnapshots(points.families());
  }

  // Deprecated by client_java 1.10 in favour of a method that 1.2 lacks; both versions ask for it.
  @Override
  @SuppressWarnings("deprecation")
  public List<String> getPrometheusNames() {
    return REGISTRY_NAMES;
  }
}
