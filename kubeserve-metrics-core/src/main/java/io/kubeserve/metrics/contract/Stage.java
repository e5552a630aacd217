package io.kubeserve.metrics.contract;

/** A part of a prediction: a value of the label {@code stage}. */
public enum Stage {
  /** Waiting for its turn. */
  QUEUE("queue"),
  /** Making the model's input of the request. */
  PREPROCESS("preprocess"),
  /** What the model itself does. */
  INFERENCE("inference"),
  /** Making the answer of the model's output. */
  POSTPROCESS("postprocess");

  private final String labelValue;

  Stage(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Returns the value of the label.
   *
   * @return the name in lower case
   */
  public String labelValue() {
    return labelValue;
  }
}
