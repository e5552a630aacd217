package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;

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
 *
 * @since 0.1.0
 */
public sealed interface Prediction extends AutoCloseable permits BoundPrediction, PredictionStream {
  /** Decides that the prediction is a success, if nothing has been decided. */
  void success();

  /** Decides that the prediction is an error, if nothing has been decided. */
  void error();

  /**
   * Decides that the prediction is an error, if nothing has been decided.
   *
   * @param reason why, for {@code prediction_errors_total}
   */
  void error(ErrorReason reason);

  /**
   * Decides that the prediction is an error, if nothing has been decided; the classifier of the
   * builder finds the reason.
   *
   * @param cause what was thrown
   */
  void error(Throwable cause);

  /**
   * Says that the prediction is a batch. Counted when the prediction is, whatever its outcome.
   *
   * @param items how many items it predicts; a negative number counts as 0
   */
  void batchSize(int items);

  /**
   * Ends a stage: it began with the prediction, or where the stage before it ended. A stage that
   * ends several times is their sum. Counted when the prediction is, whatever its outcome; after
   * that, nothing is. May be called on any thread.
   *
   * @param stage the stage that ends now; {@code null} is ignored
   */
  void endStage(Stage stage);

  /** Ends the prediction and counts it; does nothing the second time. Never throws. */
  @Override
  void close();
}
