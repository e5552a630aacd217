package io.kubeserve.metrics.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a prediction is an error: a value of the label {@code reason}. Five of them are every
 * server's; a server may declare further ones where it configures its metrics. Immutable; two of
 * the same label value are equal.
 *
 * @since 0.1.0
 */
public final class ErrorReason {
  /** It took too long. */
  public static final ErrorReason TIMEOUT = new ErrorReason("timeout");

  /** Its caller went away or gave it up. */
  public static final ErrorReason CANCELLED = new ErrorReason("cancelled");

  /** The server was too busy to begin it. */
  public static final ErrorReason REJECTED = new ErrorReason("rejected");

  /** The model cannot take the input: the caller's fault. */
  public static final ErrorReason INVALID_INPUT = new ErrorReason("invalid_input");

  /** Anything else, what nobody gave a reason for, and a reason that was not declared. */
  public static final ErrorReason OTHER = new ErrorReason("other");

  private static final List<ErrorReason> STANDARD =
      List.of(TIMEOUT, CANCELLED, REJECTED, INVALID_INPUT, OTHER);

  private final String labelValue;

  private ErrorReason(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Returns the reasons that need not be declared.
   *
   * @return the constants of this class, {@link #OTHER} last
   */
  public static List<ErrorReason> standard() {
    return STANDARD;
  }

  /**
   * Returns a reason of one's own, to declare and to use.
   *
   * @param labelValue 1 to 40 lower-case letters, digits and underscores, beginning with a letter
   * @return the reason of that label value
   * @throws IllegalArgumentException if it is anything else
   */
  public static ErrorReason of(String labelValue) {
    return new ErrorReason(LabelToken.require(labelValue, "error reason"));
  }

  /**
   * Returns the value of the label {@code reason}.
   *
   * @return for a constant, its name in lower case
   */
  public String labelValue() {
    return labelValue;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof ErrorReason reason && labelValue.equals(reason.labelValue));
  }

  @Override
  public int hashCode() {
    return labelValue.hashCode();
  }

  /** Returns the label value. */
  @Override
  public String toString() {
    return labelValue;
  }
}
