package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import java.util.concurrent.CompletableFuture;
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
  private final CompletableFuture<T> handedOut;

  QueuedCall(Prediction prediction, StagedCall<? extends T, ?> call) {
    this.prediction = prediction;
    this.call = call;
    this.handedOut = TimedFuture.of(future, prediction);
  }

  CompletableFuture<T> future() {
    return handedOut;
  }

  @Override
  public void run() {
    if (future.isDone()) {
      return;
    }
    prediction.endStage(Stage.QUEUE);
    T result;
    try {
      result = call.call(prediction);
    } catch (Throwable thrown) {
      future.completeExceptionally(thrown);
      return;
    }
    future.complete(result);
  }

  /** Ends a prediction that will not have its turn. */
  void drop() {
    future.cancel(false);
  }
}
