package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of the README and of the Javadoc, run. */
class SnippetsTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Model model = new Model();
  private final float[] x = {1, 2, 3, 4};

  /** What stands for a user's model. */
  static final class Model {
    float predict(float[] row) throws IOException {
      if (row.length == 0) {
        throw new IOException("no features");
      }
      return row[0];
    }

    List<Float> predictBatch(List<float[]> rows) throws IOException {
      List<Float> scores = new ArrayList<>();
      for (float[] row : rows) {
        scores.add(predict(row));
      }
      return scores;
    }

    List<String> generate(float[] row) {
      return row.length == 0 ? List.of() : List.of("iris", "setosa");
    }

    CompletableFuture<Float> predictAsync(float[] row) {
      return CompletableFuture.completedFuture(row[0]);
    }
  }

  @Test
  void quickstart() throws IOException {
    // @start region="quickstart"
    // once, at start-up
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    PredictionRecorder recorder = metrics.recorder();

    // for every prediction: returns what predict returns, throws what predict throws
    float score = recorder.time(() -> model.predict(x));
    // @end
    assertThat(score).isEqualTo(1);
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void builder() {
    // @start region="builder"
    PredictionMetrics metrics =
        PredictionMetrics.builder()
            .registry(registry)
            .bucketsMillis(1, 5, 10, 50, 100)
            .constantLabel("team", "risk")
            .maxModels(20)
            .build();
    PredictionRecorder fraud = metrics.recorder("fraud", "3");
    // @end
    fraud.run(() -> {});
    assertThat(
            Scrape.of(registry)
                .value(
                    "predictions_total{model=\"fraud\",status=\"success\",team=\"risk\",version=\"3\"}"))
        .isEqualTo(1);
  }

  @Test
  void time() throws IOException {
    PredictionRecorder recorder = recorder();
    // @start region="time"
    float score = recorder.time(() -> model.predict(x)); // throws IOException, as predict does
    // @end
    assertThat(score).isEqualTo(1);
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void timeAsync() {
    PredictionRecorder recorder = recorder();
    // @start region="timeAsync"
    CompletableFuture<Float> score = recorder.timeAsync(() -> model.predictAsync(x));
    // @end
    assertThat(score).isCompletedWithValue(1f);
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void start() throws IOException {
    PredictionRecorder recorder = recorder();
    // @start region="start"
    try (Prediction prediction = recorder.start()) {
      float score = model.predict(x);
      if (!Float.isNaN(score)) {
        prediction.success();
      }
    }
    // @end
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void stages() throws IOException {
    PredictionRecorder recorder = recorder();
    // @start region="stages"
    float score =
        recorder.timeStages(
            prediction -> {
              float[] input = encode(x);
              prediction.endStage(Stage.PREPROCESS);
              float output = model.predict(input);
              prediction.endStage(Stage.INFERENCE);
              return decode(output);
            });
    // @end
    assertThat(score).isNotNegative();
    assertThat(Scrape.of(registry).value("prediction_stage_latency_ms_count{stage=\"inference\"}"))
        .isEqualTo(1);
  }

  @Test
  void batch() throws IOException {
    PredictionRecorder recorder = recorder();
    List<float[]> rows = List.of(x, x);
    // @start region="batch"
    List<Float> scores =
        recorder.timeStages(
            prediction -> {
              prediction.batchSize(rows.size());
              return model.predictBatch(rows);
            });
    // @end
    assertThat(scores).hasSize(2);
    assertThat(Scrape.of(registry).value("predicted_items_total")).isEqualTo(2);
  }

  @Test
  void ownStages() throws IOException {
    Stage tokenize = Stage.of("tokenize");
    // @start region="ownStages"
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).stages(tokenize).build();
    // @end
    metrics
        .recorder()
        .timeStages(
            prediction -> {
              prediction.endStage(tokenize);
              return model.predict(x);
            });
    assertThat(Scrape.of(registry).value("prediction_stage_latency_ms_count{stage=\"tokenize\"}"))
        .isEqualTo(1);
  }

  @Test
  void ownReasons() {
    ErrorReason quota = ErrorReason.of("quota");
    // @start region="ownReasons"
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).errorReasons(quota).build();
    metrics.recorder().recordError(Duration.ZERO, quota); // refused before it began
    // @end
    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"quota\"}")).isEqualTo(1);
  }

  @Test
  void labels() throws IOException {
    // @start region="labels"
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).labelNames("tenant").build();
    PredictionRecorder acme = metrics.recorder("fraud", "3").withLabelValues("acme");

    float score = acme.time(() -> model.predict(x));
    // @end
    assertThat(score).isEqualTo(1);
    assertThat(
            Scrape.of(registry)
                .value(
                    "predictions_total{model=\"fraud\",status=\"success\",tenant=\"acme\",version=\"3\"}"))
        .isEqualTo(1);
  }

  @Test
  void errorClassifier() {
    // @start region="errorClassifier"
    PredictionMetrics metrics =
        PredictionMetrics.builder()
            .registry(registry)
            .errorClassifier(e -> e instanceof IOException ? ErrorReason.INVALID_INPUT : null)
            .build();
    // @end
    assertThatThrownBy(() -> metrics.recorder().time(() -> model.predict(new float[0])))
        .hasMessage("no features");
    assertThat(Scrape.of(registry).value("prediction_errors_total{reason=\"invalid_input\"}"))
        .isEqualTo(1);
  }

  @Test
  void stream() throws IOException {
    PredictionRecorder recorder = recorder();
    StringBuilder out = new StringBuilder();
    // @start region="stream"
    try (PredictionStream stream = recorder.startStream()) {
      for (String token : model.generate(x)) {
        stream.item();
        out.append(token);
      }
      stream.success(); // a stream that ends before is an error
    }
    // @end
    assertThat(out).hasToString("irissetosa");
    assertThat(Scrape.of(registry).value("prediction_stream_items_total")).isEqualTo(2);
  }

  @Test
  void timedIterator() throws IOException {
    PredictionRecorder recorder = recorder();
    StringBuilder out = new StringBuilder();
    // @start region="timedIterator"
    try (var tokens = TimedIterator.of(recorder, () -> model.generate(x).iterator())) {
      tokens.forEachRemaining(out::append); // closed before the last one: cancelled
    }
    // @end
    assertThat(out).hasToString("irissetosa");
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void timedPublisher() {
    PredictionRecorder recorder = recorder();
    Flow.Publisher<String> source = Flow.Subscriber::onComplete;
    // @start region="timedPublisher"
    Flow.Publisher<String> tokens = TimedPublisher.of(recorder, source); // a stream each time
    // @end
    tokens.subscribe(new CountingSubscriber());
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  /** What stands for a user's subscriber. */
  private static final class CountingSubscriber implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {}

    @Override
    public void onNext(String item) {}

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void queue() throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    PredictionRecorder recorder = metrics.recorder();
    // @start region="queue"
    ExecutorService queue =
        metrics.monitorQueue(
            new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(100)));

    // throws RejectedExecutionException when the queue is full, and counts it
    Future<Float> score = recorder.timeQueued(queue, prediction -> model.predict(x));
    // @end
    assertThat(score.get(60, TimeUnit.SECONDS)).isEqualTo(1);
    queue.shutdown();
    assertThat(Scrape.of(registry).value("prediction_stage_latency_ms_count{stage=\"queue\"}"))
        .isEqualTo(1);
  }

  @Test
  void queueSupplier() {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    List<float[]> waiting = List.of(x);
    // @start region="queueSupplier"
    metrics.monitorQueue(() -> waiting.size());
    // @end
    assertThat(Scrape.of(registry).value("prediction_queue_depth")).isEqualTo(1);
  }

  @Test
  void load() throws IOException {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    // @start region="load"
    PredictionRecorder recorder = metrics.recorder("iris", "2");
    Model loaded =
        recorder
            .model()
            .load(
                () -> {
                  Model fresh = new Model();
                  fresh.predict(x); // the warm-up is part of the load, and in no latency
                  return fresh;
                });
    // @end
    assertThat(loaded.predict(x)).isEqualTo(1);
    assertThat(metrics.isReady()).isTrue();
    assertThat(Scrape.of(registry).value("model_info{model=\"iris\",version=\"2\"}")).isEqualTo(1);
  }

  /** A model and the recorder of its version. */
  record Served(Model model, PredictionRecorder recorder) {}

  private final AtomicReference<Served> served = new AtomicReference<>();

  @Test
  void swap() throws IOException {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    PredictionRecorder first = metrics.recorder("iris", "1");
    served.set(new Served(first.model().load(Model::new), first));
    // @start region="swap"
    PredictionRecorder next = metrics.recorder("iris", "2");
    Served old = served.getAndSet(new Served(next.model().load(Model::new), next));
    old.recorder().model().retire(); // its series go once scrapes have seen its last predictions

    Served current = served.get(); // for every prediction
    float score = current.recorder().time(() -> current.model().predict(x));
    // @end
    assertThat(score).isEqualTo(1);
    assertThat(first.model().isReady()).isFalse();
    assertThat(next.model().latency().count()).isEqualTo(1);
  }

  @Test
  void summary() {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    metrics.recorder().run(() -> {});
    // @start region="summary"
    ModelSummary iris = metrics.summary().models().get(0);
    long failed = iris.errors().values().stream().mapToLong(Long::longValue).sum();
    double p99 = iris.recentLatency().quantileMillis(0.99);
    // @end
    assertThat(failed).isZero();
    assertThat(p99).isNotNegative();
  }

  private static float[] encode(float[] values) {
    return values;
  }

  private static float decode(float output) {
    return Math.abs(output);
  }

  @Test
  void latencyLog(@TempDir Path folder) throws IOException {
    PredictionRecorder recorder = recorder();
    Path file = folder.resolve("latency.hlog");
    // @start region="latencyLog"
    try (LatencyLog log = new LatencyLog(recorder.model(), Files.newOutputStream(file))) {
      recorder.time(() -> model.predict(x));
      log.writeInterval(); // from a timer of yours, once a second say
    }
    // @end
    assertThat(file).isNotEmptyFile();
  }

  private PredictionRecorder recorder() {
    return PredictionMetrics.builder().registry(registry).build().recorder();
  }
}
