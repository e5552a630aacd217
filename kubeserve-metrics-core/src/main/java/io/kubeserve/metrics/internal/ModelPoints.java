package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.PredictionFamilies;
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

  ModelPoints(
      LatencyLayout layout,
      Exposition exposition,
      FamilyPoints points,
      CellReading reading,
      boolean isWhole) {
    this.layout = layout;
    this.exposition = exposition;
    this.points = points;
    this.reading = reading;
    this.isWhole = isWhole;
  }

  /** Adds a model, each of whose cells is read once. */
  @Override
  public long show(PredictionSeries model) {
    long ended = 0;
    for (LabelSet part : model.all()) {
      long endedOfPart = show(part);
      ended = Math.min(ended, endedOfPart) < 0 ? PredictionCells.BUSY : ended + endedOfPart;
    }
    addLifecycle(model);
    if (!exposition.quantiles().isEmpty()) {
      addQuantiles(model);
    }
    return ended;
  }

  private long show(LabelSet shown) {
    // Parts before the whole: what a part has is in the total that is read after it.
    addStages(shown);
    addBatches(shown);
    addStreams(shown);
    reading.read(shown.recordings().cells());
    addPredictions(shown);
    return reading.endedIfQuiet();
  }

  @Override
  public boolean isWhole() {
    return isWhole;
  }

  @Override
  public void showNotReady(PredictionSeries model) {
    points.gauge(PredictionFamilies.MODEL_READY, 0, model.labels());
  }

  private void addPredictions(LabelSet shown) {
    ExemplarSampler exemplars = shown.recordings().exemplars();
    long now = exposition.clock().getAsLong();
    long created = shown.recordings().cells().createdMillis();
    points.histogram(PredictionFamilies.PREDICTION_LATENCY, latency(shown, now));
    points.counter(
        PredictionFamilies.PREDICTIONS,
        Points.counter(
            reading.errors(), shown.labels().error, exemplars.of(Status.ERROR, now), created));
    points.counter(
        PredictionFamilies.PREDICTIONS,
        Points.counter(
            reading.successes(),
            shown.labels().success,
            exemplars.of(Status.SUCCESS, now),
            created));
    points.gauge(
        PredictionFamilies.PREDICTIONS_IN_FLIGHT, (double) reading.inFlight, shown.labels().all);
    if (reading.errors() > 0) {
      addReasons(shown);
    }
  }

  /** Adds every reason, also those at 0: a rate would miss a series' first error. */
  private void addReasons(LabelSet shown) {
    Outcomes outcomes = shown.recordings().classifier().outcomes();
    long created = shown.recordings().cells().firstErrorMillis();
    for (ErrorReason reason : outcomes.reasons()) {
      points.counter(
          PredictionFamilies.PREDICTION_ERRORS,
          reading.count(outcomes.of(reason)),
          shown.labels().of(reason),
          created);
    }
  }

  private void addStages(LabelSet shown) {
    Declared<Stage> stages = shown.recordings().stages().stages();
    for (int index = 0; index < stages.size(); index++) {
      StripedCells cells = shown.recordings().stages().get(index);
      if (cells != null) {
        reading.read(cells);
        points.histogram(
            PredictionFamilies.PREDICTION_STAGE_LATENCY,
            new HistogramDataPointSnapshot(
                ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts()),
                reading.sumMillis(),
                shown.labels().of(stages.get(index)),
                Exemplars.EMPTY,
                cells.createdMillis()));
      }
    }
  }

  private void addBatches(LabelSet shown) {
    BatchCells batches = shown.recordings().usedBatches();
    if (batches != null) {
      points.counter(
          PredictionFamilies.PREDICTED_ITEMS,
          batches.predictedItems.sum(),
          shown.labels().all,
          batches.sizes.createdMillis());
      points.histogram(
          PredictionFamilies.PREDICTION_BATCH_SIZE, batches.sizes.point(shown.labels().all));
    }
  }

  private void addStreams(LabelSet shown) {
    StreamCells streams = shown.recordings().usedStreams();
    if (streams != null) {
      Labels labels = shown.labels().all;
      points.histogram(
          PredictionFamilies.STREAM_BETWEEN_ITEMS, streams.betweenItems().point(labels));
      points.histogram(PredictionFamilies.STREAM_FIRST_ITEM, streams.firstItems.point(labels));
      points.histogram(PredictionFamilies.STREAM_DURATION, streams.durations.point(labels));
      points.counter(
          PredictionFamilies.PREDICTION_STREAM_ITEMS,
          streams.items.sum(),
          labels,
          streams.durations.createdMillis());
    }
  }

  private void addLifecycle(PredictionSeries model) {
    ModelLifecycle lifecycle = model.lifecycle();
    if (!lifecycle.isTold()) {
      return;
    }
    points.gauge(PredictionFamilies.MODEL_READY, lifecycle.isReady() ? 1 : 0, model.labels());
    if (lifecycle.wasLoaded()) {
      points.gauge(PredictionFamilies.MODEL_LOAD, lifecycle.loadSeconds(), model.labels());
    }
    Labels info = model.infoLabels();
    if (info != null) {
      points.info(PredictionFamilies.MODEL_INFO, info);
    }
  }

  private HistogramDataPointSnapshot latency(LabelSet shown, long now) {
    ClassicHistogramBuckets classic =
        ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts());
    Exemplars exemplars = shown.recordings().exemplars().ofLatencies(now);
    long created = shown.recordings().cells().createdMillis();
    NativeResolution resolution = exposition.nativeResolution();
    if (resolution == null) {
      return new HistogramDataPointSnapshot(
          classic, reading.sumMillis(), shown.labels().all, exemplars, created);
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
        shown.labels().all,
        exemplars,
        created);
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
    LatencyCounts window = model.recentLatency(exposition.clock());
    for (double quantile : exposition.quantiles()) {
      points.gauge(
          PredictionFamilies.PREDICTION_LATENCY_QUANTILE,
          window.quantileMillis(quantile),
          model.labels().add(LabelName.QUANTILE, Double.toString(quantile)));
    }
    points.gauge(
        PredictionFamilies.PREDICTION_LATENCY_MAX, window.quantileMillis(1), model.labels());
  }
}
