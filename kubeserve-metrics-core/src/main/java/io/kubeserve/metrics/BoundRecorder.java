package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.ExemplarSampler;
import io.kubeserve.metrics.internal.LatencyCounts;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.PredictionCells;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The recorder of one model, bound to its cells. */
final class BoundRecorder implements PredictionRecorder {
  private static final Duration LONGEST = Duration.ofNanos(LatencyLayout.MAX_NANOS);

  private final PredictionSeries series;
  private final PredictionCells cells;
  private final ExemplarSampler exemplars;
  private final LatencyLayout layout;
  private final Ticker ticker;
  private final Runnable onClose;

  BoundRecorder(PredictionSeries series, LatencyLayout layout, Ticker ticker, Runnable onClose) {
    this.series = series;
    this.cells = series.cells();
    this.exemplars = series.exemplars();
    this.layout = layout;
    this.ticker = ticker;
    this.onClose = onClose;
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T time(ThrowingSupplier<T, X> call)
      throws X {
    cells.start();
    long start = ticker.nanos();
    Labels trace = exemplars.traceIfDue(start);
    T result;
    try {
      result = call.get();
    } catch (Throwable thrown) {
      finish(Status.ERROR, start, trace);
      throw thrown;
    }
    finish(Status.SUCCESS, start, trace);
    return result;
  }

  @Override
  public <X extends Throwable> void run(ThrowingRunnable<X> call) throws X {
    // Not by way of time(): a lambda around the call would be allocated for every prediction.
    cells.start();
    long start = ticker.nanos();
    Labels trace = exemplars.traceIfDue(start);
    try {
      call.run();
    } catch (Throwable thrown) {
      finish(Status.ERROR, start, trace);
      throw thrown;
    }
    finish(Status.SUCCESS, start, trace);
  }

  private void finish(Status status, long startNanos, @Nullable Labels trace) {
    long elapsedNanos = ticker.nanos() - startNanos;
    cells.finish(status, elapsedNanos);
    if (trace != null) {
      exemplars.attach(trace, status, elapsedNanos);
    }
  }

  @Override
  public <S extends @Nullable CompletionStage<?>, X extends Throwable> S timeAsync(
      ThrowingSupplier<S, X> call) throws X {
    Prediction prediction = start();
    S stage;
    try {
      stage = call.get();
    } catch (Throwable thrown) {
      prediction.close();
      throw thrown;
    }
    watch(stage, prediction);
    return stage;
  }

  private static void watch(@Nullable CompletionStage<?> stage, Prediction prediction) {
    if (stage == null) {
      prediction.close();
      return;
    }
    try {
      stage.whenComplete(
          (result, failure) -> {
            if (failure == null) {
              prediction.success();
            }
            prediction.close();
          });
    } catch (RuntimeException refused) {
      // A stage that takes no callback must still reach the caller; its outcome stays unknown.
      prediction.close();
    }
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T timeStages(StagedCall<T, X> call)
      throws X {
    try (Prediction prediction = start()) {
      T result = call.call(prediction);
      prediction.success();
      return result;
    }
  }

  @Override
  public Prediction start() {
    cells.start();
    return new BoundPrediction(series, ticker);
  }

  @Override
  public void record(Duration elapsed, Status status) {
    recordNanos(elapsed == null ? 0 : saturatedNanos(elapsed), status);
  }

  private static long saturatedNanos(Duration elapsed) {
    // Duration.toNanos() throws beyond 292 years.
    if (elapsed.isNegative()) {
      return 0;
    }
    return elapsed.compareTo(LONGEST) > 0 ? LatencyLayout.MAX_NANOS : elapsed.toNanos();
  }

  @Override
  public void recordNanos(long elapsedNanos, Status status) {
    cells.record(status, elapsedNanos);
  }

  @Override
  public LatencySnapshot latency() {
    return new LatencySnapshot(LatencyCounts.of(layout, cells));
  }

  @Override
  public LatencySnapshot recentLatency() {
    return new LatencySnapshot(series.window().read(ticker.nanos()));
  }

  @Override
  public void close() {
    onClose.run();
  }
}
