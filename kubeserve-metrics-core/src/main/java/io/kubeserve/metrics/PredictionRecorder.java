package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Counts and times the predictions of one model.
 *
 * <p>Get one from {@link PredictionMetrics#recorder()} at start-up and keep it. Any number of
 * threads, virtual ones too, may use it at any time. Recording adds no exception of its own, never
 * waits and takes no lock. Each prediction is counted once, in {@code predictions_total} by its
 * status and in {@code prediction_latency_ms} whatever its status.
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
   * <p>The prediction is counted by a callback on the stage, so a thread that waits for the stage
   * may go on a moment before. A call that throws or returns {@code null} is an error.
   *
   * @param call the start of the prediction
   * @param <S> the type of the stage
   * @param <X> what the call throws
   * @return the very stage that the call returned
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
  <T extends @Nullable Object, X extends Throwable> T timeStages(StagedCall<T, X> call) throws X;

  /**
   * Starts a prediction that ends with {@link Prediction#close()}.
   *
   * @return the prediction, in flight until it is closed
   */
  Prediction start();

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
