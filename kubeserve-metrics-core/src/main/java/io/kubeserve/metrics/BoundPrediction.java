package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.PredictionCells;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** A prediction whose state only moves forward: undecided, decided, closed. */
final class BoundPrediction implements Prediction {
  private static final VarHandle STATE = stateHandle();

  private static final int UNDECIDED = 0;
  private static final int SUCCESS = 1;
  private static final int ERROR = 2;
  private static final int CLOSED = 3;

  private final PredictionCells cells;
  private final Ticker ticker;
  private final long startNanos;

  @SuppressWarnings("unused") // read and written through STATE
  private volatile int state;

  BoundPrediction(PredictionCells cells, Ticker ticker) {
    this.cells = cells;
    this.ticker = ticker;
    this.startNanos = ticker.nanos();
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
      cells.finish(decision == SUCCESS ? Status.SUCCESS : Status.ERROR, elapsedNanos);
    }
  }
}
