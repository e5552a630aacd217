package io.kubeserve.examples.spring;

/** Rows that the model cannot take: an error of the prediction. */
final class InvalidRowsException extends RuntimeException {
  private static final long serialVersionUID = 1;

  InvalidRowsException(String message) {
    super(message);
  }
}
