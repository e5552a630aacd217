package io.kubeserve.metrics;

/**
 * A prediction under way, from {@link PredictionRecorder#start()} to {@link #close()}.
 *
 * <p>For code that a lambda does not fit, in a try-with-resources statement. The first decision
 * stands; a prediction that nobody decided is an error, since {@code close()} runs before a {@code
 * catch} and cannot see the exception.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="start"}
 *
 * <p>Safe for use by many threads: whoever closes first counts it, once.
 */
public interface Prediction extends AutoCloseable {
  /** Decides that the prediction is a success, if nothing has been decided. */
  void success();

  /** Decides that the prediction is an error, if nothing has been decided. */
  void error();

  /** Ends the prediction and counts it; does nothing the second time. Never throws. */
  @Override
  void close();
}
