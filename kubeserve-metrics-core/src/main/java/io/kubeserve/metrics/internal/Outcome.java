package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;

/**
 * How a prediction ended: a success, or an error with its reason, which {@link Outcomes} knows.
 * Immutable.
 */
public final class Outcome {
  /** A success. */
  public static final Outcome SUCCESS = new Outcome(0);

  /** An error that nobody gave a reason for. */
  public static final Outcome OTHER = new Outcome(ErrorReason.standard().size());

  private final int index;

  Outcome(int index) {
    this.index = index;
  }

  /**
   * Returns the outcome for a status.
   *
   * @param status the status
   * @return a success, or an error that nobody gave a reason for
   */
  public static Outcome of(Status status) {
    return status == Status.SUCCESS ? SUCCESS : OTHER;
  }

  /**
   * Returns the status.
   *
   * @return success or error
   */
  public Status status() {
    return this == SUCCESS ? Status.SUCCESS : Status.ERROR;
  }

  /** Returns its place among all outcomes, from 0. */
  int index() {
    return index;
  }
}
