package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.Stage;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of every prediction: through a bounded queue to the few threads that predict, and back.
 * Safe for use by many threads.
 */
final class Predictor {
  private static final System.Logger LOGGER = System.getLogger(Predictor.class.getName());
  private static final long DRAIN_TIMEOUT_SECONDS = 10;
  private static final long STOP_TIMEOUT_SECONDS = 5;
  private static final String FULL = "Too many predictions wait already: try again later";
  private static final String STOPPING = "The server is stopping: ask another";

  private final PredictionRecorder recorder;
  private final ExecutorService queue;
  private volatile @Nullable Model model;
  private volatile boolean loading;
  private volatile boolean draining;

  private Predictor(PredictionRecorder recorder, ExecutorService queue) {
    this.recorder = recorder;
    this.queue = queue;
  }

  /** Starts one with the threads and the queue of the options, and measures it as they say. */
  static Predictor of(PredictionMetrics metrics, ServerOptions options) {
    ExecutorService queue =
        new ThreadPoolExecutor(
            options.threads(),
            options.threads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(options.queueCapacity()),
            task -> new Thread(task, "predict"));
    return options.instrumentation() == Instrumentation.NOTHING
        ? new Predictor(PredictionRecorder.noop(), queue)
        : new Predictor(metrics.recorder(), metrics.monitorQueue(queue));
  }

  /** Makes a model. */
  @FunctionalInterface
  interface Loader {
    Model load() throws Exception;
  }

  /** Makes the model's input of a request. */
  @FunctionalInterface
  interface Preparation {
    Matrix prepare(Model.Signature signature) throws InvalidRowsException;
  }

  /** Makes an answer of the model's output. */
  @FunctionalInterface
  interface Answer<T> {
    T answer(Model.Signature signature, Object output) throws OrtException;
  }

  /** Loads the model and warms it up; the server is ready then. */
  void load(Loader loader) throws Exception {
    loading = true;
    try {
      model =
          recorder
              .model()
              .load(
                  () -> {
                    Model fresh = loader.load();
                    warmUp(fresh);
                    return fresh;
                  });
    } finally {
      loading = false;
    }
  }

  private static void warmUp(Model fresh) throws Exception {
    long columns = fresh.signature().columns();
    if (columns >= 0) {
      float[] zeros = new float[Math.toIntExact(columns)];
      fresh.infer(Matrix.of(List.of(zeros), columns));
    }
  }

  /** Tells whether there is a model, warmed up. */
  boolean isLoaded() {
    return model != null;
  }

  /** Returns the model. */
  Model model() throws ModelNotLoadedException {
    Model loaded = model;
    if (loaded == null) {
      throw new ModelNotLoadedException();
    }
    return loaded;
  }

  /**
   * Starts a prediction whose output is sent item by item, on the thread of its request.
   *
   * @return what counts it
   */
  PredictionStream startStream() {
    return recorder.startStream();
  }

  /**
   * Refuses a stream that has started, if the server is stopping.
   *
   * @throws RejectedExecutionException if it is
   */
  void checkAccepting() throws RejectedExecutionException {
    if (draining) {
      throw new RejectedExecutionException(STOPPING);
    }
  }

  /**
   * Makes one prediction.
   *
   * @param items the size of the batch
   * @param preparation makes the input
   * @param answer makes the answer
   * @return the answer
   * @throws RejectedExecutionException if too many wait, or the server is stopping; its message is
   *     for the client
   */
  <T> T predict(int items, Preparation preparation, Answer<T> answer)
      throws InvalidRowsException,
          ModelNotLoadedException,
          OrtException,
          RejectedExecutionException,
          InterruptedException {
    CompletableFuture<T> future = enqueue(items, preparation, answer);
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(true);
      throw e;
    } catch (CancellationException e) {
      throw new RejectedExecutionException(STOPPING, e);
    } catch (ExecutionException e) {
      throw asThrown(e.getCause());
    }
  }

  private <T> CompletableFuture<T> enqueue(int items, Preparation preparation, Answer<T> answer) {
    try {
      return recorder.timeQueued(
          queue,
          prediction -> {
            prediction.batchSize(items);
            return predict(prediction, preparation, answer);
          });
    } catch (RejectedExecutionException e) {
      throw new RejectedExecutionException(draining ? STOPPING : FULL, e);
    }
  }

  private <T> T predict(Prediction prediction, Preparation preparation, Answer<T> answer)
      throws InvalidRowsException, ModelNotLoadedException, OrtException {
    Model loaded = model();
    Matrix input = preparation.prepare(loaded.signature());
    prediction.endStage(Stage.PREPROCESS);
    Object output = loaded.infer(input);
    prediction.endStage(Stage.INFERENCE);
    T made = answer.answer(loaded.signature(), output);
    prediction.endStage(Stage.POSTPROCESS);
    return made;
  }

  /** Returns an unchecked throwable; throws those that a prediction declares. */
  private static RuntimeException asThrown(@Nullable Throwable cause)
      throws InvalidRowsException, ModelNotLoadedException, OrtException {
    if (cause instanceof InvalidRowsException invalid) {
      throw invalid;
    }
    if (cause instanceof ModelNotLoadedException early) {
      throw early;
    }
    if (cause instanceof OrtException failed) {
      throw failed;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(cause);
  }

  /**
   * Refuses new predictions and waits for those that were accepted. Scrapes go on meanwhile, so
   * that the last one has them all.
   */
  void drain() throws InterruptedException {
    draining = true;
    queue.shutdown();
    if (!queue.awaitTermination(DRAIN_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      LOGGER.log(System.Logger.Level.WARNING, "Predictions have not ended in time");
    }
  }

  /** Cancels what still waits, and interrupts what is predicted. */
  void cancel() {
    draining = true;
    queue.shutdownNow();
  }

  /**
   * Closes the model, once it is not used any more.
   *
   * @param requestsEnded whether no request is under way, which may be a stream
   */
  void close(boolean requestsEnded) throws InterruptedException, OrtException {
    // A model that is closed under a prediction takes the process down.
    boolean idle = queue.awaitTermination(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    Model loaded = model;
    if (idle && requestsEnded && loaded != null) {
      model = null;
      loaded.close();
    }
  }

  /** Tells whether there is no model, nor one that is being loaded. */
  boolean isReleased() {
    return !loading && model == null;
  }
}
