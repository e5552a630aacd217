package io.kubeserve.interleavings;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one scrape shows, as data points: text would take most of the time of a scenario. */
final class Shown {
  private final MetricSnapshots snapshots;

  private Shown(MetricSnapshots snapshots) {
    this.snapshots = snapshots;
  }

  static Shown by(PrometheusRegistry registry) {
    Shown shown = new Shown(registry.scrape());
    shown.requireDifferentSeries();
    return shown;
  }

  /** Prometheus refuses the whole scrape if two points of one family have equal labels. */
  private void requireDifferentSeries() {
    for (MetricSnapshot family : snapshots) {
      Set<Labels> seen = new HashSet<>();
      for (DataPointSnapshot point : family.getDataPoints()) {
        if (!seen.add(point.getLabels())) {
          throw new AssertionError(
              family.getMetadata().getName() + point.getLabels() + " is shown twice");
        }
      }
    }
  }

  boolean isEmpty() {
    return snapshots.size() == 0;
  }

  boolean has(String model) {
    return snapshots.stream()
        .flatMap(family -> family.getDataPoints().stream())
        .anyMatch(point -> model.equals(point.getLabels().get("model")));
  }

  long successes(String model) {
    return status(model, "success");
  }

  long errors(String model) {
    return status(model, "error");
  }

  private long status(String model, String status) {
    return predictions("model", model, status);
  }

  /** The successes of one value of a label of the user's own. */
  long successes(String labelName, String value) {
    return predictions(labelName, value, "success");
  }

  private long predictions(String labelName, String value, String status) {
    for (DataPointSnapshot point : points("predictions")) {
      if (value.equals(point.getLabels().get(labelName))
          && status.equals(point.getLabels().get("status"))) {
        return (long) ((CounterDataPointSnapshot) point).getValue();
      }
    }
    return 0;
  }

  /** The sum of the buckets of the latencies. */
  long latencies(String model) {
    long count = 0;
    for (DataPointSnapshot point : points("prediction_latency_ms")) {
      if (model.equals(point.getLabels().get("model"))) {
        count += ((HistogramDataPointSnapshot) point).getCount();
      }
    }
    return count;
  }

  long inFlight(String model) {
    return gauge("predictions_in_flight", model);
  }

  private long gauge(String family, String model) {
    for (DataPointSnapshot point : points(family)) {
      if (model.equals(point.getLabels().get("model"))) {
        return (long) ((GaugeDataPointSnapshot) point).getValue();
      }
    }
    return 0;
  }

  long queueDepth() {
    return (long)
        points("prediction_queue_depth").stream()
            .mapToDouble(point -> ((GaugeDataPointSnapshot) point).getValue())
            .sum();
  }

  long folded() {
    return counter("prediction_models_folded");
  }

  long foldedLabelSets() {
    return counter("prediction_label_sets_folded");
  }

  private long counter(String family) {
    return (long)
        points(family).stream()
            .mapToDouble(point -> ((CounterDataPointSnapshot) point).getValue())
            .sum();
  }

  private List<? extends DataPointSnapshot> points(String family) {
    for (MetricSnapshot snapshot : snapshots) {
      if (snapshot.getMetadata().getName().equals(family)) {
        return snapshot.getDataPoints();
      }
    }
    return List.of();
  }
}
