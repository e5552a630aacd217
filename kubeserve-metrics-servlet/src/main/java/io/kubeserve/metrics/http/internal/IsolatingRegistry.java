package io.kubeserve.metrics.http.internal;

import io.kubeserve.metrics.internal.ModuleVersion;
import io.kubeserve.metrics.internal.Points;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A view of another registry in which a collector that throws is left out, counted, and logged
 * once.
 *
 * <p>client_java gives up a scrape when any collector throws. Only then are the collectors asked
 * one by one.
 */
public final class IsolatingRegistry extends PrometheusRegistry {
  private static final System.Logger LOGGER =
      System.getLogger("io.kubeserve.metrics.servlet.MetricsServlet");
  private static final MetricFamily FAILURES = ScrapeFamilies.COLLECTORS_FAILED;

  private final PrometheusRegistry registry;
  private final LongAdder failures = new LongAdder();
  private final long createdMillis = System.currentTimeMillis();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  /**
   * Makes the view.
   *
   * @param registry what is scraped
   */
  public IsolatingRegistry(PrometheusRegistry registry) {
    ModuleVersion.requireThatOfCore(IsolatingRegistry.class, "kubeserve-metrics-servlet");
    this.registry = registry;
  }

  @Override
  public MetricSnapshots scrape(@Nullable PrometheusScrapeRequest request) {
    return scrape(name -> true, request);
  }

  @Override
  public MetricSnapshots scrape(
      Predicate<String> names, @Nullable PrometheusScrapeRequest request) {
    DistinctSnapshots snapshots = new DistinctSnapshots();
    try {
      snapshots.addAll(registry.scrape(names, request));
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      scrapeOneByOne(names, request, snapshots, e);
    }
    if (names.test(FAILURES.registryName()) || names.test(FAILURES.metricName())) {
      snapshots.addAll(
          List.of(
              new CounterSnapshot(
                  FAILURES.metadata(),
                  List.of(Points.counter(failures.sum(), Labels.EMPTY, null, createdMillis)))));
    }
    return snapshots.all();
  }

  private void scrapeOneByOne(
      Predicate<String> names,
      @Nullable PrometheusScrapeRequest request,
      DistinctSnapshots snapshots,
      Throwable failure) {
    RegistryContents contents = RegistryContents.of(registry, failure);
    for (Collector collector : contents.collectors()) {
      isolate(
          collector,
          () -> snapshots.addAll(Stream.ofNullable(collector.collect(names, request)).toList()));
    }
    for (MultiCollector collector : contents.multiCollectors()) {
      isolate(collector, () -> snapshots.addAll(collector.collect(names, request)));
    }
  }

  private void isolate(Object collector, Runnable collection) {
    try {
      collection.run();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      failures.increment();
      if (logged.add(collector.getClass().getName())) {
        LOGGER.log(
            System.Logger.Level.ERROR,
            "A collector fails and is left out of scrapes: " + collector.getClass().getName(),
            e);
      }
    }
  }
}
