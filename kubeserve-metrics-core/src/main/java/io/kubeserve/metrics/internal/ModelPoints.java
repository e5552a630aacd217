package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.MetricFamily;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;

/** Turns what is kept of a model into data points; for one scrape, on one thread. */
final class ModelPoints implements ModelVisitor {
  private final LatencyLayout layout;
  private final Exposition exposition;
  private final FamilyPoints points;
  private final boolean isWhole;
  private final CellReading reading;

  ModelPoints(LatencyLayout layout, Exposition exposition, FamilyPoints points, boolean isWhole) {
    this.isWhole = isWhole;
    this.layout = layout;
    this.exposition = exposition;
    this.points = points;
    this.reading = new CellReading(layout);
  }

  /** Adds a model, each of whose cells is read once. */
  @Override
  public long show(PredictionSeries model) {
    // Parts before the whole: what a part has is in the total that is read after it.
    addStages(model);
    addBatches(model);
    addStreams(model);
    reading.read(model.recordings().cells());
    long ended = reading.endedIfQuiet();
    addPredictions(model);
    addLifecycle(model);
    if (!exposition.quantiles().isEmpty()) {
      addQuantiles(model);
    }
    return ended;
  }

  @Override
  public boolean isWhole() {
    return isWhole;
  }

  @Override
  public void showNotReady(PredictionSeries model) {
    points.gauge(MetricFamily.MODEL_READY, 0, model.labels());
  }

  private void addPredictions(PredictionSeries model) {
    ExemplarSampler exemplars = model.recordings().exemplars();
    long now = exposition.clock().getAsLong();
    points.histogram(MetricFamily.PREDICTION_LATENCY, latency(model, now));
    points.counter(
        MetricFamily.PREDICTIONS,
        Points.counter(
            reading.successes(), model.successLabels, exemplars.of(Status.SUCCESS, now)));
    points.counter(
        MetricFamily.PREDICTIONS,
        Points.counter(reading.errors(), model.errorLabels, exemplars.of(Status.ERROR, now)));
    points.gauge(MetricFamily.PREDICTIONS_IN_FLIGHT, (double) reading.inFlight, model.labels());
    if (reading.errors() > 0) {
      addReasons(model);
    }
  }

  /** Adds every reason, also those at 0: a rate would miss a series' first error. */
  private void addReasons(PredictionSeries model) {
    for (Outcome outcome : Outcome.ALL) {
      if (outcome.reason() != null) {
        points.counter(
            MetricFamily.PREDICTION_ERRORS, reading.count(outcome), model.labels(outcome.reason()));
      }
    }
  }

  private void addStages(PredictionSeries model) {
    for (Stage stage : Stage.values()) {
      PredictionCells cells = model.recordings().stages().get(stage);
      if (cells != null) {
        reading.read(cells);
        points.histogram(
            MetricFamily.PREDICTION_STAGE_LATENCY,
            new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts()),
                reading.sumMillis(),
                model.labels(stage),
                Exemplars.EMPTY,
                Points.NO_CREATED_TIMESTAMP));
      }
    }
  }

  private void addBatches(PredictionSeries model) {
    BatchCells batches = model.recordings().batches();
    if (batches.sizes.isUsed()) {
      points.counter(MetricFamily.PREDICTED_ITEMS, batches.predictedItems.sum(), model.labels());
      points.histogram(MetricFamily.PREDICTION_BATCH_SIZE, batches.sizes.point(model.labels()));
    }
  }

  private void addStreams(PredictionSeries model) {
    StreamCells streams = model.recordings().streams();
    if (streams.isUsed()) {
      Labels labels = model.labels();
      points.histogram(MetricFamily.STREAM_BETWEEN_ITEMS, streams.betweenItems().point(labels));
      points.histogram(MetricFamily.STREAM_FIRST_ITEM, streams.firstItems.point(labels));
      points.histogram(MetricFamily.STREAM_DURATION, streams.durations.point(labels));
      points.counter(MetricFamily.PREDICTION_STREAM_ITEMS, streams.items.sum(), labels);
    }
  }

  private void addLifecycle(PredictionSeries model) {
    ModelLifecycle lifecycle = model.lifecycle();
    if (!lifecycle.isTold()) {
      return;
    }
    points.gauge(MetricFamily.MODEL_READY, lifecycle.isReady() ? 1 : 0, model.labels());
    if (lifecycle.wasLoaded()) {
      points.gauge(MetricFamily.MODEL_LOAD, lifecycle.loadSeconds(), model.labels());
    }
    Labels info = model.infoLabels();
    if (info != null) {
      points.info(MetricFamily.MODEL_INFO, info);
    }
  }

  private HistogramDataPointSnapshot latency(PredictionSeries model, long now) {
    ClassicHistogramBuckets classic =
        ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts());
    Exemplars exemplars = model.recordings().exemplars().ofLatencies(now);
    NativeResolution resolution = exposition.nativeResolution();
    if (resolution == null) {
      return new HistogramDataPointSnapshot(
          classic, reading.sumMillis(), model.labels(), exemplars, Points.NO_CREATED_TIMESTAMP);
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
        exemplars,
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
    LatencyCounts window = model.window().read(exposition.clock());
    for (double quantile : exposition.quantiles()) {
      points.gauge(
          MetricFamily.PREDICTION_LATENCY_QUANTILE,
          window.quantileMillis(quantile),
          model.labels().add(LabelName.QUANTILE, Double.toString(quantile)));
    }
    points.gauge(MetricFamily.PREDICTION_LATENCY_MAX, window.quantileMillis(1), model.labels());
  }
}
