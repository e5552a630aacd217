package io.kubeserve.metrics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A future that is handed out in place of another one: it completes as that one does, once the
 * prediction has ended, and whoever completes or cancels it completes or cancels that one.
 *
 * <p>What its holder makes follow it comes after the end of the prediction, then. The followers of
 * the other one would come before: those of a {@link CompletableFuture} run last in, first out.
 *
 * @param <T> the type of the result
 */
final class TimedFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final CompletableFuture<T> source;

  private TimedFuture(CompletableFuture<T> source) {
    this.source = source;
  }

  /**
   * Ends a prediction when a future completes.
   *
   * @return what to hand out in its place
   */
  static <T extends @Nullable Object> CompletableFuture<T> of(
      CompletableFuture<T> source, Prediction prediction) {
    TimedFuture<T> timed = new TimedFuture<>(source);
    CompletionStage<T> stage = source;
    stage.whenComplete(
        (result, failure) -> {
          end(prediction, failure);
          if (failure == null) {
            timed.finish(result);
          } else {
            timed.fail(failure);
          }
        });
    return timed;
  }

  /** Ends a prediction by the outcome of a stage. */
  static void end(Prediction prediction, @Nullable Throwable failure) {
    if (failure == null) {
      prediction.success();
    } else {
      prediction.error(failure);
    }
    prediction.close();
  }

  private void finish(T result) {
    super.complete(result);
  }

  private void fail(Throwable failure) {
    super.completeExceptionally(failure);
  }

  // Also what orTimeout and completeOnTimeout call.
  @Override
  public boolean complete(T value) {
    return source.complete(value);
  }

  @Override
  public boolean completeExceptionally(Throwable failure) {
    return source.completeExceptionally(failure);
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    return source.cancel(mayInterruptIfRunning);
  }

  @Override
  public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
    CompletableFuture<T> unused = source.completeAsync(supplier, executor);
    return this;
  }

  @Override
  public void obtrudeValue(T value) {
    source.obtrudeValue(value);
    super.obtrudeValue(value);
  }

  @Override
  public void obtrudeException(Throwable failure) {
    source.obtrudeException(failure);
    super.obtrudeException(failure);
  }

  @Override
  public Executor defaultExecutor() {
    return source.defaultExecutor();
  }
}
