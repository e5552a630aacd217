package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.OpenPrediction;
import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.Recordings;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A prediction whose state only moves forward: undecided, decided, closed. */
sealed class BoundPrediction implements Prediction, OpenPrediction permits BoundStream {
  private static final VarHandle STATE = stateHandle();

  /** The state of a prediction that has ended; before, it is the {@link Outcome}, if any. */
  private static final Object CLOSED = new Object();

  private final Recordings recordings;
  private final Ticker ticker;
  private final long startNanos;
  private final @Nullable Labels trace;

  @SuppressWarnings("unused") // read and written through STATE
  private volatile @Nullable Object state;

  /** Written under this; most predictions have none. */
  private volatile @Nullable PredictionParts parts;

  BoundPrediction(Recordings recordings, Ticker ticker) {
    this.recordings = recordings;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
    this.trace = recordings.exemplars().traceIfDue(startNanos);
  }

  private static VarHandle stateHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(BoundPrediction.class, "state", Object.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public final void success() {
    decide(Outcome.SUCCESS);
  }

  @Override
  public final void error() {
    decide(Outcome.OTHER);
  }

  @Override
  public final void error(ErrorReason reason) {
    decide(recordings.classifier().outcomes().of(reason));
  }

  @Override
  public final void error(Throwable cause) {
    decide(recordings.classifier().outcomeOf(cause));
  }

  private void decide(Outcome outcome) {
    STATE.compareAndSet(this, null, outcome);
  }

  @Override
  public final synchronized void batchSize(int items) {
    if (!isClosed()) {
      parts().batchSize(items);
    }
  }

  @Override
  public final synchronized void endStage(Stage stage) {
    // Without a name, the time belongs to the stage that ends next: recording never throws.
    if (stage != null && !isClosed()) {
      parts().end(stage, ticker.nanos());
    }
  }

  private PredictionParts parts() {
    PredictionParts known = parts;
    if (known == null) {
      known = new PredictionParts(recordings.stages().stages(), startNanos);
      parts = known;
    }
    return known;
  }

  final boolean isClosed() {
    return STATE.getVolatile(this) == CLOSED;
  }

  final long nanosSinceStart() {
    return ticker.nanos() - startNanos;
  }

  @Override
  public final void close() {
    Object decision = STATE.getAndSet(this, CLOSED);
    if (decision != CLOSED) {
      finish(decision instanceof Outcome outcome ? outcome : Outcome.OTHER);
    }
  }

  @Override
  public final void discard() {
    if (STATE.getAndSet(this, CLOSED) != CLOSED) {
      recordings.cells().discard();
    }
  }

  @Override
  public final CompletionStage<?> endWith(CompletionStage<?> stage) {
    return BoundRecorder.endWith(stage, this);
  }

  /** Counts the prediction; called once. */
  void finish(Outcome outcome) {
    finish(outcome, 0);
  }

  /**
   * Counts the prediction.
   *
   * @param atLeastNanos what another thread has seen pass already
   * @return its latency
   */
  final long finish(Outcome outcome, long atLeastNanos) {
    PredictionParts known = parts;
    if (known == null) {
      return count(outcome, Math.max(nanosSinceStart(), atLeastNanos));
    }
    synchronized (this) {
      // A stage that ended on another thread may have read a later time.
      long untilLastStage = Math.max(atLeastNanos, known.lastEndNanos() - startNanos);
      long elapsed = count(outcome, Math.max(nanosSinceStart(), untilLastStage));
      // After the total, and read before it: no scrape has more in stages than in all.
      known.recordTo(recordings, outcome);
      return elapsed;
    }
  }

  private long count(Outcome outcome, long elapsedNanos) {
    recordings.cells().finish(outcome, elapsedNanos);
    if (trace != null) {
      recordings.exemplars().attach(trace, outcome.status(), startNanos, elapsedNanos);
    }
    return elapsedNanos;
  }
}
