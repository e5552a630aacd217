package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the predictions of one model.
 *
 * <p>Get one from {@link PredictionMetrics#recorder()} at start-up and keep it. Any number of
 * threads, virtual ones too, may use it at any time. Recording adds no exception of its own, and
 * neither waits nor takes a lock; only the stages, the batch size and the items of one prediction
 * take a lock of that prediction. Each prediction is counted once, in {@code predictions_total} by
 * its status and in {@code prediction_latency_ms} whatever its status.
 */
public interface PredictionRecorder extends AutoCloseable {
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
   * Makes a call and records it as {@link #time} does, with its stages.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="stages"}
   *
   * @param call what to time; tells the ends of its stages
   * @param <T> what it returns
   * @param <X> what it throws
   * @return what the call returns
   * @throws X what the call throws, untouched
   */
  default <T extends @Nullable Object, X extends Throwable> T timeStages(StagedCall<T, X> call)
      throws X {
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
   * Makes a call that predicts several items and records it as one prediction, with its size.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timeBatch"}
   *
   * @param items how many items there are, 1 also counts; a negative number counts as 0
   * @param call the prediction
   * @param <T> the type of its result
   * @param <X> what it throws
   * @return its result
   * @throws X what the call throws, untouched
   */
  <T extends @Nullable Object, X extends Throwable> T timeBatch(
      int items, ThrowingSupplier<T, X> call) throws X;

  /**
   * Has an executor make a call, and records it as {@link #timeStages} does; its first stage is the
   * time it waited, {@code queue}. Use an executor of {@link PredictionMetrics#queue}, for {@code
   * prediction_queue_depth}.
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
   * Makes a call that returns the items of a stream, and records the stream as they are fetched.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timeIterator"}
   *
   * @param call the prediction
   * @param <T> the type of the items
   * @param <X> what the call throws
   * @return the items; close it if you may stop before the last one
   * @throws X what the call throws, untouched
   */
  default <T extends @Nullable Object, X extends Throwable> TimedIterator<T> timeIterator(
      ThrowingSupplier<? extends Iterator<? extends T>, X> call) throws X {
    PredictionStream stream = startStream();
    try {
      return new TimedIterator<>(stream, call.get());
    } catch (Throwable thrown) {
      stream.error(thrown);
      stream.close();
      throw thrown;
    }
  }

  /**
   * Records each subscription to a publisher as a stream, from its subscription to its completion,
   * failure or cancellation.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="timePublisher"}
   *
   * @param source what publishes the items
   * @param <T> the type of the items
   * @return a publisher of the same items
   */
  default <T> Flow.Publisher<T> timePublisher(Flow.Publisher<T> source) {
    return new TimedPublisher<>(this, Objects.requireNonNull(source, "source"));
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
   * Records a prediction that was timed elsewhere, without a {@link Duration}.
   *
   * @param elapsedNanos its latency in nanoseconds, with the limits of {@link #record}
   * @param status its outcome
   */
  void recordNanos(long elapsedNanos, Status status);

  /**
   * Records a prediction that was an error elsewhere, or that was refused before it began.
   *
   * @param elapsed its latency, with the limits of {@link #record}
   * @param reason why it is an error
   */
  void recordError(Duration elapsed, ErrorReason reason);

  /**
   * Loads the model, and records how long it took. The model is ready when the call returns. Warm
   * the model up within the call: what the calling thread records meanwhile is in no series. Loads
   * of one recorder take turns.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="load"}
   *
   * <p>When the call throws, a model that was loaded stays ready. One that was not gives its place
   * under {@code maxModels} back, and its series too if it never predicted; they come back when the
   * recorder is used or loads again. {@code model_load_failures_total} is incremented. Loading a
   * retired model puts it back into service.
   *
   * @param call the load
   * @param <M> the type of the model
   * @param <X> what it throws
   * @return the model
   * @throws X what the call throws, untouched
   */
  <M extends @Nullable Object, X extends Throwable> M load(ThrowingSupplier<M, X> call) throws X;

  /**
   * Returns whether a model was loaded by {@link #load} and has not been retired since.
   *
   * @return the value of {@code model_ready}
   */
  boolean isReady();

  /**
   * Takes the model out of service once another version has taken over: it is not ready from now
   * on, and its series go as soon as nothing is in flight, a scrape has shown its last counts, and
   * two minutes have passed. Where more models are retired than {@code maxModels}, they go earlier,
   * and what no scrape has shown is added to the series of {@code other}. What is recorded later
   * brings them back. Asking {@link PredictionMetrics} for the same model before puts it back into
   * service.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="swap"}
   */
  void retire();

  /**
   * Returns the latencies since the start.
   *
   * @return what was recorded until now
   */
  LatencySnapshot latency();

  /**
   * Returns the latencies of the sliding window, 60 s unless the builder says otherwise.
   *
   * <p>The window is kept by its readers: it reaches up to a twelfth further back than its length,
   * and where nobody read it for longer, back to the last reading. Reading takes a lock that
   * recording does not, and consumes nothing.
   *
   * @return what ended within the window
   */
  LatencySnapshot recentLatency();

  /**
   * Removes the series of this model from the registry, for every holder of this recorder. What is
   * recorded afterwards is lost, silently. {@code PredictionMetrics.recorder} gives a new recorder
   * for the same model, which starts at 0. The series that models beyond the limit share are not
   * removed.
   */
  @Override
  void close();

  /**
   * Returns a recorder that makes the calls and records nothing.
   *
   * @return the one such recorder
   */
  static PredictionRecorder noop() {
    return NoopRecorder.INSTANCE;
  }
}
