package io.kubeserve.examples.jetty;

/** Rows that are well-formed, but that the model cannot take. The message names the fault. */
final class InvalidRowsException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidRowsException(String message) {
    super(message);
  }
}
