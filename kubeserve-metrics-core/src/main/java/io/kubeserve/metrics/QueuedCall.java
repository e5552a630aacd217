package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A prediction that waits for its turn, and its future. Whoever completes the future first, a
 * cancellation or a timeout too, decides the outcome.
 *
 * @param <T> the type of the result
 */
final class QueuedCall<T extends @Nullable Object> implements Runnable {
  private final Prediction prediction;
  private final StagedCall<? extends T, ?> call;
  private final CompletableFuture<T> future = new CompletableFuture<>();

  QueuedCall(Prediction prediction, StagedCall<? extends T, ?> call) {
    this.prediction = prediction;
    this.call = call;
    CompletionStage<T> stage = future;
    stage.whenComplete(
        (result, failure) -> {
          if (failure != null) {
            prediction.error(failure);
          }
          prediction.close();
        });
  }

  CompletableFuture<T> future() {
    return future;
  }

  @Override
  public void run() {
    if (future.isDone()) {
      return;
    }
    prediction.done(Stage.QUEUE);
    T result;
    try {
      result = call.call(prediction);
    } catch (Throwable thrown) {
      prediction.error(thrown);
      prediction.close();
      future.completeExceptionally(thrown);
      return;
    }
    // Before the future: whoever waits for it finds the prediction counted.
    prediction.success();
    prediction.close();
    future.complete(result);
  }

  /** Ends a prediction that will not have its turn. */
  void drop() {
    future.cancel(false);
  }
}
