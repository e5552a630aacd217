package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the predictions of one model.
 *
 * <p>Get one from {@link PredictionMetrics#recorder()} at start-up and keep it. Any number of
 * threads, virtual ones too, may use it at any time. Recording adds no exception of its own, and
 * neither waits nor takes a lock; only the stages, the batch size and the items of one prediction
 * take a lock of that prediction. Each prediction is counted once, in {@code predictions_total} by
 * its status and in {@code prediction_latency_ms} whatever its status.
 *
 * @since 0.1.0
 */
public sealed interface PredictionRecorder permits BoundRecorder, NoopRecorder {
  /**
   * Makes a call and records it as a prediction: a success when it returns, an error when it throws
   * anything, {@link Error}s included.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="time"}
   *
   * @param call the prediction
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X what the call throws, untouched
   */
  <T extends @Nullable Object, X extends Throwable> T time(ThrowingSupplier<T, X> call) throws X;

  /**
   * Makes a call without a result and records it as {@link #time} does.
   *
   * @param call the prediction
   * @param <X> what it throws
   * @throws X what the call throws, untouched
   */
  <X extends Throwable> void run(ThrowingRunnable<X> call) throws X;

  /**
   * Makes a call that starts an asynchronous prediction, and records it when its stage completes: a
   * success when it completes normally, an error when it completes exceptionally, is cancelled or
   * times out.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timeAsync"}
   *
   * <p>The latency ends where the stage completes; what is made to follow the returned one is not
   * in it. So for a {@link CompletableFuture} that has not completed, another one is returned: it
   * completes with the same result or exception, once the prediction is counted, and completing,
   * cancelling or timing it out does so to the call's. A stage of another class, a subclass of
   * {@code CompletableFuture} too, is returned itself; its own followers may run before the
   * prediction is counted, and then are in the latency. A call that throws or returns {@code null}
   * is an error.
   *
   * @param call the start of the prediction
   * @param <S> the type of the stage
   * @param <X> what the call throws
   * @return the stage that the call returned, or the future that stands for it
   * @throws X what the call throws, untouched
   */
  <S extends @Nullable CompletionStage<?>, X extends Throwable> S timeAsync(
      ThrowingSupplier<S, X> call) throws X;

  /**
   * Makes a call and records it as {@link #time} does, with what it says of itself: its stages, or
   * how many items it predicts.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="stages"}
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="batch"}
   *
   * @param call what to time
   * @param <T> what it returns
   * @param <X> what it throws
   * @return what the call returns
   * @throws X what the call throws, untouched
   */
  default <T extends @Nullable Object, X extends Throwable> T timeStages(StagedCall<T, X> call)
      throws X {
    Objects.requireNonNull(call, "call");
    try (Prediction prediction = start()) {
      T result;
      try {
        result = call.call(prediction);
      } catch (Throwable thrown) {
        prediction.error(thrown);
        throw thrown;
      }
      prediction.success();
      return result;
    }
  }

  /**
   * Has an executor make a call, and records it as {@link #timeStages} does; its first stage is the
   * time it waited, {@code queue}. Use an executor of {@link PredictionMetrics#monitorQueue}, for
   * {@code prediction_queue_depth}.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="queue"}
   *
   * <p>Cancelling the future, or its timeout, ends the prediction; one that still waits is then not
   * made.
   *
   * @param executor what makes the call
   * @param call the prediction; may tell further stages
   * @param <T> the type of its result
   * @return the result, or what the call throws
   * @throws java.util.concurrent.RejectedExecutionException if the executor does not take it: the
   *     prediction is an error with the reason {@code rejected}
   */
  default <T extends @Nullable Object> CompletableFuture<T> timeQueued(
      Executor executor, StagedCall<? extends T, ?> call) {
    Objects.requireNonNull(executor, "executor");
    Objects.requireNonNull(call, "call");
    Prediction prediction = start();
    QueuedCall<T> queued = new QueuedCall<>(prediction, call);
    try {
      executor.execute(queued);
    } catch (Throwable thrown) {
      prediction.error(thrown);
      prediction.close();
      throw thrown;
    }
    return queued.future();
  }

  /**
   * Starts a prediction that ends with {@link Prediction#close()}.
   *
   * @return the prediction, in flight until it is closed
   */
  Prediction start();

  /**
   * Starts a prediction that is sent item by item and ends with {@link PredictionStream#close()}.
   *
   * @return the stream, in flight until it is closed
   */
  PredictionStream startStream();

  /**
   * Records a prediction that was timed elsewhere.
   *
   * @param elapsed its latency; a negative one counts as 0, one above about 104 days as 104 days
   * @param status its outcome
   */
  void record(Duration elapsed, Status status);

  /**
   * Records a prediction that was an error elsewhere, or that was refused before it began.
   *
   * @param elapsed its latency, with the limits of {@link #record}
   * @param reason why it is an error
   */
  void recordError(Duration elapsed, ErrorReason reason);

  /**
   * Returns the recorder of the same model that gives every series of a prediction further labels:
   * those whose names {@link PredictionMetricsBuilder#labelNames} declares. Look it up where the
   * values are known and keep it, or look it up for each prediction: that takes a lock only where
   * the values are new, or past the limit.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="labels"}
   *
   * <p>Past the limit of label sets, all values are {@value PredictionMetrics#OTHER}, and {@code
   * prediction_label_sets_folded_total} is incremented. So is a value that no label can have: one
   * that is blank, or has a control character.
   *
   * @param values as many as there are names, in their order
   * @return for the same values always the same recorder, unless they were folded, and there is
   *     room for them by now; readiness, load and latencies are those of the model
   * @throws IllegalArgumentException if there are more or fewer values than names
   */
  PredictionRecorder withLabelValues(String... values);

  /**
   * Returns the model whose predictions these are: its load, its end, its latencies.
   *
   * @return always the same
   */
  ServedModel model();

  /**
   * Returns a recorder that makes the calls and records nothing.
   *
   * @return the one such recorder
   */
  static PredictionRecorder noop() {
    return NoopRecorder.INSTANCE;
  }
}
