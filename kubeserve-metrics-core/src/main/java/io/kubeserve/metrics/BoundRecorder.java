package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.ModelLifecycle;
import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Recordings;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The recorder of one model, bound to its cells. */
final class BoundRecorder implements PredictionRecorder {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final long MAX_SECONDS = LatencyLayout.MAX_NANOS / NANOS_PER_SECOND;

  private final PredictionSeries series;
  private final ModelLifecycle lifecycle;
  private final Ticker ticker;
  private final Destination destination;
  private final BoundModel model;
  private final LabelledRecorders labelled;

  BoundRecorder(PredictionSeries series, LatencyLayout layout, Ticker ticker, ServedModels models) {
    this.series = series;
    this.lifecycle = series.lifecycle();
    this.ticker = ticker;
    this.destination = new Destination(this, series, models);
    this.model = new BoundModel(this, layout, ticker, models);
    this.labelled = new LabelledRecorders(this, models);
  }

  /** Makes the recorder of a label set. Called under the lock of the models. */
  BoundRecorder(BoundRecorder unlabelled, Labels ownLabels) {
    this.series = unlabelled.series;
    this.lifecycle = unlabelled.lifecycle;
    this.ticker = unlabelled.ticker;
    this.destination = new Destination(unlabelled.destination, ownLabels);
    this.model = unlabelled.model;
    this.labelled = unlabelled.labelled;
  }

  PredictionSeries series() {
    return series;
  }

  Labels labels() {
    return series.labels();
  }

  String name() {
    return ServedModels.nameOf(labels());
  }

  boolean isOf(String name) {
    return name().equals(name);
  }

  ModelLifecycle lifecycle() {
    return lifecycle;
  }

  boolean isReady() {
    return lifecycle.isReady();
  }

  Destination destination() {
    return destination;
  }

  @Override
  public <T extends @Nullable Object, X extends Throwable> T time(ThrowingSupplier<T, X> call)
      throws X {
    Objects.requireNonNull(call, "call");
    Recordings to = destination.begin();
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
    Objects.requireNonNull(call, "call");
    // Not by way of time(): a lambda around the call would be allocated for every prediction.
    Recordings to = destination.begin();
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

  private void finish(Recordings to, Outcome outcome, long startNanos, @Nullable Labels trace) {
    long elapsedNanos = ticker.nanos() - startNanos;
    to.cells().finish(outcome, elapsedNanos);
    if (trace != null) {
      to.exemplars().attach(trace, outcome.status(), startNanos, elapsedNanos);
    }
  }

  @Override
  public <S extends @Nullable CompletionStage<?>, X extends Throwable> S timeAsync(
      ThrowingSupplier<S, X> call) throws X {
    Objects.requireNonNull(call, "call");
    Prediction prediction = start();
    S stage;
    try {
      stage = call.get();
    } catch (Throwable thrown) {
      prediction.error(thrown);
      prediction.close();
      throw thrown;
    }
    return endWith(stage, prediction);
  }

  /**
   * Ends a prediction when a stage completes.
   *
   * @return what to hand out in its place: the stage itself, but for a {@link CompletableFuture}
   *     that has not completed, which {@code S} is a type of
   */
  @SuppressWarnings("unchecked")
  static <S extends @Nullable CompletionStage<?>> S endWith(S stage, Prediction prediction) {
    if (stage == null) {
      prediction.close();
      return stage;
    }
    if (stage.getClass() == CompletableFuture.class || stage instanceof TimedFuture) {
      CompletableFuture<?> future = (CompletableFuture<?>) stage;
      // Nothing that follows a completed future can delay the end of the prediction.
      if (!future.isDone()) {
        return (S) TimedFuture.of(future, prediction);
      }
    }
    try {
      stage.whenComplete((result, failure) -> TimedFuture.end(prediction, failure));
    } catch (Throwable refused) {
      // A stage that takes no callback must still reach the caller; its outcome stays unknown.
      prediction.close();
    }
    return stage;
  }

  @Override
  public Prediction start() {
    Recordings to = destination.begin();
    return new BoundPrediction(to, ticker);
  }

  @Override
  public PredictionStream startStream() {
    Recordings to = destination.begin();
    return new BoundStream(to, ticker);
  }

  @Override
  public void record(Duration elapsed, Status status) {
    destination.count(Outcome.of(status), saturatedNanos(elapsed));
  }

  @Override
  public void recordError(Duration elapsed, ErrorReason reason) {
    destination.count(
        series.recordings().classifier().outcomes().of(reason), saturatedNanos(elapsed));
  }

  private static long saturatedNanos(@Nullable Duration elapsed) {
    if (elapsed == null || elapsed.isNegative()) {
      return 0;
    }
    // Not by toNanos(), which throws beyond 292 years and checks for that.
    return elapsed.getSeconds() > MAX_SECONDS
        ? LatencyLayout.MAX_NANOS
        : Math.min(
            elapsed.getSeconds() * NANOS_PER_SECOND + elapsed.getNano(), LatencyLayout.MAX_NANOS);
  }

  @Override
  public PredictionRecorder withLabelValues(String... values) {
    return labelled.get(values);
  }

  @Override
  public ServedModel model() {
    return model;
  }
}
