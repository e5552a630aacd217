package io.kubeserve.metrics.contract;

/**
 * The outcome of a prediction: the values of the label {@code status}, a closed set.
 *
 * @since 0.1.0
 */
public enum Status {
  /** The prediction returned a result. */
  SUCCESS("success"),
  /** The prediction threw, was cancelled, timed out, or was never decided. */
  ERROR("error");

  private final String labelValue;

  Status(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Returns the value of the label {@code status}.
   *
   * @return {@code success} or {@code error}
   */
  public String labelValue() {
    return labelValue;
  }
}
