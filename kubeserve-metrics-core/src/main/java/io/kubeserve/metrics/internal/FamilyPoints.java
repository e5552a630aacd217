package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The data points of one scrape, gathered model by model and then turned into families. */
final class FamilyPoints {
  private final Map<MetricFamily, List<CounterDataPointSnapshot>> counters = new HashMap<>();
  private final Map<MetricFamily, List<GaugeDataPointSnapshot>> gauges = new HashMap<>();
  private final Map<MetricFamily, List<HistogramDataPointSnapshot>> histograms = new HashMap<>();

  /** The recorder without a name and one of several models may be told the same model. */
  private final Map<MetricFamily, Set<Labels>> infos = new HashMap<>();

  void counter(MetricFamily family, CounterDataPointSnapshot point) {
    counters.computeIfAbsent(family, any -> new ArrayList<>()).add(point);
  }

  void counter(MetricFamily family, long value, Labels labels, long createdMillis) {
    counter(family, Points.counter(value, labels, null, createdMillis));
  }

  void gauge(MetricFamily family, double value, Labels labels) {
    gauges.computeIfAbsent(family, any -> new ArrayList<>()).add(Points.gauge(value, labels));
  }

  void info(MetricFamily family, Labels labels) {
    infos.computeIfAbsent(family, any -> new LinkedHashSet<>()).add(labels);
  }

  void histogram(MetricFamily family, HistogramDataPointSnapshot point) {
    histograms.computeIfAbsent(family, any -> new ArrayList<>()).add(point);
  }

  /** Returns the families that have a data point. */
  List<MetricSnapshot> families() {
    List<MetricSnapshot> families = new ArrayList<>();
    for (MetricFamily family : PredictionCollector.FAMILIES) {
      MetricSnapshot snapshot = snapshot(family);
      if (snapshot != null) {
        families.add(snapshot);
      }
    }
    return families;
  }

  private @Nullable MetricSnapshot snapshot(MetricFamily family) {
    MetricMetadata metadata = family.metadata();
    return switch (family.type()) {
      case COUNTER -> snapshot(counters, family, points -> new CounterSnapshot(metadata, points));
      case GAUGE -> snapshot(gauges, family, points -> new GaugeSnapshot(metadata, points));
      case HISTOGRAM ->
          snapshot(histograms, family, points -> new HistogramSnapshot(metadata, points));
      case INFO -> snapshot(infos, family, points -> info(metadata, points));
      case SUMMARY -> null; // no model has one
    };
  }

  private static <P> @Nullable MetricSnapshot snapshot(
      Map<MetricFamily, P> points, MetricFamily family, Function<P, MetricSnapshot> made) {
    P ofFamily = points.get(family);
    return ofFamily == null ? null : made.apply(ofFamily);
  }

  private static InfoSnapshot info(MetricMetadata metadata, Set<Labels> names) {
    return new InfoSnapshot(metadata, names.stream().map(InfoDataPointSnapshot::new).toList());
  }
}
