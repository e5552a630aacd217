package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.ExemplarSampler;
import io.kubeserve.metrics.internal.PredictionCells;
import io.prometheus.metrics.model.snapshots.Labels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/** A prediction whose state only moves forward: undecided, decided, closed. */
final class BoundPrediction implements Prediction {
  private static final VarHandle STATE = stateHandle();

  private static final int UNDECIDED = 0;
  private static final int SUCCESS = 1;
  private static final int ERROR = 2;
  private static final int CLOSED = 3;

  private final PredictionCells cells;
  private final ExemplarSampler exemplars;
  private final Ticker ticker;
  private final long startNanos;
  private final @Nullable Labels trace;

  @SuppressWarnings("unused") // read and written through STATE
  private volatile int state;

  BoundPrediction(PredictionCells cells, ExemplarSampler exemplars, Ticker ticker) {
    this.cells = cells;
    this.exemplars = exemplars;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
    this.trace = exemplars.traceIfDue(startNanos);
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
  public void close() {
    int decision = (int) STATE.getAndSet(this, CLOSED);
    if (decision != CLOSED) {
      long elapsedNanos = ticker.nanos() - startNanos;
      Status status = decision == SUCCESS ? Status.SUCCESS : Status.ERROR;
      cells.finish(status, elapsedNanos);
      if (trace != null) {
        exemplars.attach(trace, status, elapsedNanos);
      }
    }
  }
}
