package io.kubeserve.metrics;

import org.jspecify.annotations.Nullable;

/**
 * The model that a {@link PredictionRecorder} is of: its load, its end, and the latencies of its
 * predictions. A server that never mentions any of it has correct metrics of its predictions.
 *
 * <p>Safe for use by many threads.
 *
 * @since 0.1.0
 */
public sealed interface ServedModel permits BoundModel, NoopRecorder {
  /**
   * Loads the model, and records how long it took. The model is ready when the call returns. Warm
   * the model up within the call: what the calling thread records meanwhile is in no series. Loads
   * of one model take turns.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="load"}
   *
   * <p>When the call throws, a model that was loaded stays ready. One that was not gives its place
   * under {@code maxModels} back, and its series too if it never predicted; they come back when its
   * recorder is used or it loads again. {@code model_load_failures_total} is incremented. Loading a
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
   * Returns whether the model was loaded by {@link #load} and has not been retired since.
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
   * Removes the series of this model from the registry, for every holder of its recorder. What is
   * recorded afterwards is lost, silently. {@code PredictionMetrics.recorder} gives a new recorder
   * for the same model, which starts at 0. The series that models beyond the limit share are not
   * removed.
   *
   * <p>For a model that goes while others serve, {@link #retire} loses no count; this does.
   */
  void remove();
}
