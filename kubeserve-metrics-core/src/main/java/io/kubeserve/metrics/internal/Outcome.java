package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a prediction ended: a success, or an error with its reason. */
public enum Outcome {
  /** A success. */
  SUCCESS(0, null),
  /** An error by {@link ErrorReason#TIMEOUT}. */
  TIMEOUT(1, ErrorReason.TIMEOUT),
  /** An error by {@link ErrorReason#CANCELLED}. */
  CANCELLED(2, ErrorReason.CANCELLED),
  /** An error by {@link ErrorReason#REJECTED}. */
  REJECTED(3, ErrorReason.REJECTED),
  /** An error by {@link ErrorReason#INVALID_INPUT}. */
  INVALID_INPUT(4, ErrorReason.INVALID_INPUT),
  /** An error by {@link ErrorReason#OTHER}. */
  OTHER(5, ErrorReason.OTHER);

  static final List<Outcome> ALL = List.of(values());

  private final int index;
  private final @Nullable ErrorReason reason;

  Outcome(int index, @Nullable ErrorReason reason) {
    this.index = index;
    this.reason = reason;
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
   * Returns the outcome for a reason.
   *
   * @param reason why it is an error; {@code null} if the caller does not know
   * @return the error
   */
  public static Outcome of(@Nullable ErrorReason reason) {
    if (reason == null) {
      return OTHER;
    }
    return switch (reason) {
      case TIMEOUT -> TIMEOUT;
      case CANCELLED -> CANCELLED;
      case REJECTED -> REJECTED;
      case INVALID_INPUT -> INVALID_INPUT;
      case OTHER -> OTHER;
    };
  }

  /**
   * Returns the status.
   *
   * @return success or error
   */
  public Status status() {
    return reason == null ? Status.SUCCESS : Status.ERROR;
  }

  /** Returns the reason; {@code null} for a success. */
  @Nullable ErrorReason reason() {
    return reason;
  }

  /** Returns its place among all outcomes, from 0. */
  int index() {
    return index;
  }
}
