package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.LatencyCounts;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Recordings;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The recorder of one model, bound to its cells. */
final class BoundRecorder implements PredictionRecorder {
  private static final Duration LONGEST = Duration.ofNanos(LatencyLayout.MAX_NANOS);

  private final PredictionSeries series;
  private final Recordings recordings;
  private final LatencyLayout layout;
  private final Ticker ticker;
  private final Removal removal;

  private final ReentrantLock loading = new ReentrantLock();

  /** The load under way; {@code null} mostly. */
  private volatile @Nullable WarmUp warmUp;

  /** What the thread that loads the model records meanwhile, and nobody shows. */
  private record WarmUp(Thread thread, Recordings recordings) {}

  /** How the series of this recorder go. */
  interface Removal {
    void now();

    void soon();
  }

  BoundRecorder(PredictionSeries series, LatencyLayout layout, Ticker ticker, Removal removal) {
    this.series = series;
    this.recordings = series.recordings();
    this.layout = layout;
    this.ticker = ticker;
    this.removal = removal;
  }

  private Recordings recordings() {
    WarmUp current = warmUp;
    return current == null || current.thread != Thread.currentThread()
        ? recordings
        : current.recordings;
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T time(ThrowingSupplier<T, X> call)
      throws X {
    Recordings to = recordings();
    to.cells().start();
    long start = ticker.nanos();
    Labels trace = to.exemplars().traceIfDue(start);
    T result;
    try {
      result = call.get();
    } catch (Throwable thrown) {
      finish(to, to.classifier().outcomeOf(thrown), start, trace);
      throw thrown;
    }
    finish(to, Outcome.SUCCESS, start, trace);
    return result;
  }

  @Override
  public <X extends Throwable> void run(ThrowingRunnable<X> call) throws X {
    // Not by way of time(): a lambda around the call would be allocated for every prediction.
    Recordings to = recordings();
    to.cells().start();
    long start = ticker.nanos();
    Labels trace = to.exemplars().traceIfDue(start);
    try {
      call.run();
    } catch (Throwable thrown) {
      finish(to, to.classifier().outcomeOf(thrown), start, trace);
      throw thrown;
    }
    finish(to, Outcome.SUCCESS, start, trace);
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T timeBatch(
      int items, ThrowingSupplier<T, X> call) throws X {
    Recordings to = recordings();
    to.cells().start();
    long start = ticker.nanos();
    Labels trace = to.exemplars().traceIfDue(start);
    T result;
    try {
      result = call.get();
    } catch (Throwable thrown) {
      Outcome outcome = to.classifier().outcomeOf(thrown);
      finish(to, outcome, start, trace);
      to.batches().record(items, outcome);
      throw thrown;
    }
    finish(to, Outcome.SUCCESS, start, trace);
    to.batches().record(items, Outcome.SUCCESS);
    return result;
  }

  private void finish(Recordings to, Outcome outcome, long startNanos, @Nullable Labels trace) {
    long elapsedNanos = ticker.nanos() - startNanos;
    to.cells().finish(outcome, elapsedNanos);
    if (trace != null) {
      to.exemplars().attach(trace, outcome.status(), elapsedNanos);
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
      prediction.error(thrown);
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
            } else {
              prediction.error(failure);
            }
            prediction.close();
          });
    } catch (RuntimeException refused) {
      // A stage that takes no callback must still reach the caller; its outcome stays unknown.
      prediction.close();
    }
  }

  @Override
  public Prediction start() {
    Recordings to = recordings();
    to.cells().start();
    return new BoundPrediction(to, ticker);
  }

  @Override
  public PredictionStream startStream() {
    Recordings to = recordings();
    to.cells().start();
    return new BoundStream(to, ticker);
  }

  @Override
  public void record(Duration elapsed, Status status) {
    recordNanos(saturatedNanos(elapsed), status);
  }

  @Override
  public void recordError(Duration elapsed, ErrorReason reason) {
    recordings().cells().record(Outcome.of(reason), saturatedNanos(elapsed));
  }

  private static long saturatedNanos(@Nullable Duration elapsed) {
    // Duration.toNanos() throws beyond 292 years.
    if (elapsed == null || elapsed.isNegative()) {
      return 0;
    }
    return elapsed.compareTo(LONGEST) > 0 ? LatencyLayout.MAX_NANOS : elapsed.toNanos();
  }

  @Override
  public void recordNanos(long elapsedNanos, Status status) {
    recordings().cells().record(Outcome.of(status), elapsedNanos);
  }

  @Override
  public <M extends @Nullable Object, X extends Throwable> M load(ThrowingSupplier<M, X> call)
      throws X {
    loading.lock();
    try {
      warmUp = new WarmUp(Thread.currentThread(), recordings.emptyOf(layout));
      series.lifecycle().begin();
      long start = ticker.nanos();
      M model = call.get();
      series.lifecycle().loaded(ticker.nanos() - start);
      return model;
    } finally {
      warmUp = null;
      loading.unlock();
    }
  }

  @Override
  public boolean isReady() {
    return series.lifecycle().isReady();
  }

  @Override
  public void retire() {
    removal.soon();
  }

  @Override
  public LatencySnapshot latency() {
    return new LatencySnapshot(LatencyCounts.of(layout, recordings.cells()));
  }

  @Override
  public LatencySnapshot recentLatency() {
    return new LatencySnapshot(series.window().read(ticker.nanos()));
  }

  @Override
  public void close() {
    removal.now();
  }
}
