package io.kubeserve.metrics.internal;

import java.util.concurrent.CompletionStage;

/**
 * A prediction under way of which it is not known yet what it is: only what a call returns says
 * whether that is the result, or something that will have it.
 */
public interface OpenPrediction {
  /**
   * Takes the prediction back, as if it had never been started; on the thread that started it. Does
   * nothing if it has ended.
   */
  void discard();

  /**
   * Ends the prediction when a stage completes, by its outcome.
   *
   * @param stage what the prediction is
   * @return what to hand out in its place
   */
  CompletionStage<?> endWith(CompletionStage<?> stage);
}
