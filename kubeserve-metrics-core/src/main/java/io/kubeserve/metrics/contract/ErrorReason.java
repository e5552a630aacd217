package io.kubeserve.metrics.contract;

/** Why a prediction is an error: the values of the label {@code reason}, a closed set. */
public enum ErrorReason {
  /** It took too long. */
  TIMEOUT("timeout"),
  /** Its caller went away or gave it up. */
  CANCELLED("cancelled"),
  /** The server was too busy to begin it. */
  REJECTED("rejected"),
  /** The model cannot take the input: the caller's fault. */
  INVALID_INPUT("invalid_input"),
  /** Anything else, and what nobody gave a reason for. */
  OTHER("other");

  private final String labelValue;

  ErrorReason(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Returns the value of the label {@code reason}.
   *
   * @return the name in lower case
   */
  public String labelValue() {
    return labelValue;
  }
}
