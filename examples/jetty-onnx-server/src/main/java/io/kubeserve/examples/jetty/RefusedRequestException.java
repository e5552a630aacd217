package io.kubeserve.examples.jetty;

/** A request that is no prediction: its body does not fit. The message names the fault. */
final class RefusedRequestException extends Exception {
  private static final long serialVersionUID = 1;

  private final int httpStatus;

  RefusedRequestException(int httpStatus, String message) {
    super(message);
    this.httpStatus = httpStatus;
  }

  int httpStatus() {
    return httpStatus;
  }
}
