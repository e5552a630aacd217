package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A prediction whose state only moves forward: undecided, decided, closed. */
final class BoundPrediction implements Prediction {
  private static final VarHandle STATE = stateHandle();

  private static final int UNDECIDED = 0;
  private static final int SUCCESS = 1;
  private static final int ERROR = 2;
  private static final int CLOSED = 3;

  private final PredictionSeries series;
  private final Ticker ticker;
  private final long startNanos;
  private final @Nullable Labels trace;

  @SuppressWarnings("unused") // read and written through STATE
  private volatile int state;

  /** Written under this; most predictions have none. */
  private volatile @Nullable StageTimes stages;

  BoundPrediction(PredictionSeries series, Ticker ticker) {
    this.series = series;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
    this.trace = series.exemplars().traceIfDue(startNanos);
  }

  private static VarHandle stateHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(BoundPrediction.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public void success() {
    STATE.compareAndSet(this, UNDECIDED, SUCCESS);
  }

  @Override
  public void error() {
    STATE.compareAndSet(this, UNDECIDED, ERROR);
  }

  @Override
  public void done(Stage stage) {
    Objects.requireNonNull(stage, "stage");
    synchronized (this) {
      if ((int) STATE.getVolatile(this) == CLOSED) {
        return;
      }
      StageTimes times = stages;
      if (times == null) {
        times = new StageTimes(startNanos);
        stages = times;
      }
      times.end(stage, ticker.nanos());
    }
  }

  @Override
  public void close() {
    int decision = (int) STATE.getAndSet(this, CLOSED);
    if (decision != CLOSED) {
      finish(decision == SUCCESS ? Status.SUCCESS : Status.ERROR);
    }
  }

  private void finish(Status status) {
    StageTimes times = stages;
    if (times == null) {
      count(status, ticker.nanos() - startNanos);
      return;
    }
    synchronized (this) {
      // A stage that ended on another thread may have read a later time.
      long untilLastStage = times.lastEndNanos() - startNanos;
      count(status, Math.max(ticker.nanos() - startNanos, untilLastStage));
      // After the total, and read before it: no scrape has more in stages than in all.
      times.recordTo(series.stages());
    }
  }

  private void count(Status status, long elapsedNanos) {
    series.cells().finish(status, elapsedNanos);
    if (trace != null) {
      series.exemplars().attach(trace, status, elapsedNanos);
    }
  }
}
