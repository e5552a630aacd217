package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.MetricFamily;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.ArrayList;
import java.util.List;

/** The data points of one scrape, gathered model by model and then turned into families. */
final class FamilyPoints {
  private final LatencyLayout layout;
  private final Exposition exposition;
  private final CellReading reading;
  private final List<HistogramDataPointSnapshot> latencies = new ArrayList<>();
  private final List<HistogramDataPointSnapshot> stages = new ArrayList<>();
  private final List<CounterDataPointSnapshot> predictions = new ArrayList<>();
  private final List<GaugeDataPointSnapshot> inFlight = new ArrayList<>();
  private final List<GaugeDataPointSnapshot> quantiles = new ArrayList<>();
  private final List<GaugeDataPointSnapshot> maxima = new ArrayList<>();

  FamilyPoints(LatencyLayout layout, Exposition exposition) {
    this.layout = layout;
    this.exposition = exposition;
    this.reading = new CellReading(layout);
  }

  /** Reads the cells of a model once, for all of its series. */
  void add(PredictionSeries model) {
    addStages(model);
    reading.read(model.cells());
    latencies.add(latency(model));
    ExemplarSampler exemplars = model.exemplars();
    predictions.add(
        Points.counter(reading.successes, model.successLabels(), exemplars.of(Status.SUCCESS)));
    predictions.add(
        Points.counter(reading.errors, model.errorLabels(), exemplars.of(Status.ERROR)));
    inFlight.add(Points.gauge((double) reading.inFlight, model.labels()));
    if (!exposition.quantiles().isEmpty()) {
      addQuantiles(model);
    }
  }

  /** First: what a stage has is in the total that is read after it. */
  private void addStages(PredictionSeries model) {
    for (Stage stage : Stage.values()) {
      PredictionCells cells = model.stages().get(stage);
      if (cells != null) {
        reading.read(cells);
        stages.add(
            new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts()),
                reading.sumMillis(),
                model.labels().add(LabelName.STAGE, stage.labelValue()),
                Exemplars.EMPTY,
                Points.NO_CREATED_TIMESTAMP));
      }
    }
  }

  private HistogramDataPointSnapshot latency(PredictionSeries model) {
    ClassicHistogramBuckets classic =
        ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts());
    NativeResolution resolution = exposition.nativeResolution();
    if (resolution == null) {
      return new HistogramDataPointSnapshot(
          classic,
          reading.sumMillis(),
          model.labels(),
          model.exemplars().ofLatencies(),
          Points.NO_CREATED_TIMESTAMP);
    }
    NativeResolution.Buckets buckets = resolution.bucketsOf(reading);
    return new HistogramDataPointSnapshot(
        classic,
        buckets.schema,
        reading.zeroCount(),
        LatencyLayout.ZERO_THRESHOLD_MILLIS,
        nativeBuckets(buckets),
        NativeHistogramBuckets.EMPTY,
        reading.sumMillis(),
        model.labels(),
        model.exemplars().ofLatencies(),
        Points.NO_CREATED_TIMESTAMP);
  }

  private NativeHistogramBuckets nativeBuckets(NativeResolution.Buckets buckets) {
    int first = layout.firstNativeIndex(buckets.schema);
    int[] indices = new int[buckets.filled];
    long[] counts = new long[buckets.filled];
    int next = 0;
    for (int i = 0; i < buckets.counts.length; i++) {
      if (buckets.counts[i] > 0) {
        indices[next] = first + i;
        counts[next++] = buckets.counts[i];
      }
    }
    return NativeHistogramBuckets.of(indices, counts);
  }

  private void addQuantiles(PredictionSeries model) {
    LatencyCounts window =
        model.window().read(exposition.clock().getAsLong(), LatencyCounts.of(layout, reading));
    for (double quantile : exposition.quantiles()) {
      quantiles.add(
          Points.gauge(
              window.quantileMillis(quantile),
              model.labels().add(LabelName.QUANTILE, Double.toString(quantile))));
    }
    maxima.add(Points.gauge(window.quantileMillis(1), model.labels()));
  }

  /** Returns the families that have a data point. */
  List<MetricSnapshot> families() {
    List<MetricSnapshot> families = new ArrayList<>();
    if (!latencies.isEmpty()) {
      families.add(
          new HistogramSnapshot(Points.metadata(MetricFamily.PREDICTION_LATENCY), latencies));
      families.add(new CounterSnapshot(Points.metadata(MetricFamily.PREDICTIONS), predictions));
      families.add(
          new GaugeSnapshot(Points.metadata(MetricFamily.PREDICTIONS_IN_FLIGHT), inFlight));
    }
    if (!stages.isEmpty()) {
      families.add(
          new HistogramSnapshot(Points.metadata(MetricFamily.PREDICTION_STAGE_LATENCY), stages));
    }
    if (!maxima.isEmpty()) {
      families.add(
          new GaugeSnapshot(Points.metadata(MetricFamily.PREDICTION_LATENCY_QUANTILE), quantiles));
      families.add(new GaugeSnapshot(Points.metadata(MetricFamily.PREDICTION_LATENCY_MAX), maxima));
    }
    return families;
  }
}
