package io.kubeserve.examples.jetty;

/** What the server measures of its work; the metrics of the JVM are always there. */
enum Instrumentation {
  /** To see what measuring costs. */
  NOTHING,

  /** Predictions, and no requests. */
  PREDICTIONS,

  /** Predictions and every request. */
  EVERYTHING
}
