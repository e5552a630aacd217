package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.contract.MetricFamily;
import io.kubeserve.metrics.internal.Points;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A view of another registry in which a collector that throws is left out, counted, and logged
 * once.
 *
 * <p>client_java gives up a scrape when any collector throws. Only then are the collectors asked
 * one by one.
 */
final class IsolatingRegistry extends PrometheusRegistry {
  private static final System.Logger LOGGER = System.getLogger(MetricsServlet.class.getName());
  private static final MetricFamily FAILURES = MetricFamily.COLLECTORS_FAILED;

  private final PrometheusRegistry registry;
  private final LongAdder failures = new LongAdder();
  private final Set<String> logged = ConcurrentHashMap.newKeySet();

  IsolatingRegistry(PrometheusRegistry registry) {
    this.registry = registry;
  }

  @Override
  public MetricSnapshots scrape(@Nullable PrometheusScrapeRequest request) {
    return scrape(name -> true, request);
  }

  @Override
  public MetricSnapshots scrape(
      Predicate<String> names, @Nullable PrometheusScrapeRequest request) {
    List<MetricSnapshot> snapshots = new ArrayList<>();
    try {
      registry.scrape(names, request).forEach(snapshots::add);
      SeriesClash.refuse(snapshots);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      snapshots.clear();
      scrapeOneByOne(names, request, snapshots, e);
    }
    if (names.test(FAILURES.registryName()) || names.test(FAILURES.metricName())) {
      snapshots.add(
          new CounterSnapshot(
              Points.metadata(FAILURES),
              List.of(Points.counter(failures.sum(), Labels.EMPTY, null))));
    }
    return new MetricSnapshots(snapshots);
  }

  private void scrapeOneByOne(
      Predicate<String> names,
      @Nullable PrometheusScrapeRequest request,
      List<MetricSnapshot> snapshots,
      Throwable failure) {
    RegistryContents contents = RegistryContents.of(registry, failure);
    for (Collector collector : contents.collectors()) {
      addTo(snapshots, collector, () -> Stream.ofNullable(collector.collect(names, request)));
    }
    for (MultiCollector collector : contents.multiCollectors()) {
      addTo(snapshots, collector, () -> collector.collect(names, request).stream());
    }
  }

  private void addTo(
      List<MetricSnapshot> snapshots,
      Object collector,
      Supplier<Stream<MetricSnapshot>> collection) {
    try {
      List<MetricSnapshot> together = new ArrayList<>(snapshots);
      collection.get().forEach(together::add);
      SeriesClash.refuse(together);
      snapshots.clear();
      snapshots.addAll(together);
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
