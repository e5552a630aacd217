package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The ways in which a server predicts, each in at most five lines of the user's. */
class WaysTest {
  /** As a team has one: it throws, and knows nothing of metrics. */
  private static final class Model {
    float predict(float x) throws IOException {
      if (Float.isNaN(x)) {
        throw new IOException("no features");
      }
      return 2 * x;
    }

    List<Float> predictAll(List<Float> rows) {
      return rows.stream().map(x -> 2 * x).toList();
    }

    CompletableFuture<Float> predictLater(float x) {
      return CompletableFuture.completedFuture(2 * x);
    }

    List<Float> generate(float x) {
      return List.of(x, 2 * x);
    }
  }

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
  private final PredictionRecorder recorder = metrics.recorder();
  private final Model model = new Model();

  private void assertOneSuccess() {
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  void plainCall() throws IOException {
    float score = recorder.time(() -> model.predict(1));

    assertThat(score).isEqualTo(2);
    assertOneSuccess();
  }

  @Test
  void noResult() throws IOException {
    recorder.run(() -> model.predict(1));

    assertOneSuccess();
  }

  @Test
  void stages() throws IOException {
    float score =
        recorder.timeStages(
            prediction -> {
              float output = model.predict(1);
              prediction.endStage(Stage.INFERENCE);
              return output;
            });

    assertThat(score).isEqualTo(2);
    assertOneSuccess();
  }

  @Test
  void batch() {
    List<Float> rows = List.of(1f, 2f);
    List<Float> scores =
        recorder.timeStages(
            prediction -> {
              prediction.batchSize(rows.size());
              return model.predictAll(rows);
            });

    assertThat(scores).containsExactly(2f, 4f);
    assertThat(Scrape.of(registry).value("predicted_items_total")).isEqualTo(2);
  }

  @Test
  void future() {
    CompletableFuture<Float> score = recorder.timeAsync(() -> model.predictLater(1));

    assertThat(score).isCompletedWithValue(2f);
    assertOneSuccess();
  }

  @Test
  void callback() {
    Prediction prediction = recorder.start();
    CompletableFuture<Void> ended =
        model
            .predictLater(1)
            .thenAccept(score -> prediction.success())
            .whenComplete((done, thrown) -> prediction.close());

    assertThat(ended).isCompleted();
    assertOneSuccess();
  }

  @Test
  void queue() {
    ExecutorService executor = metrics.monitorQueue(Executors.newSingleThreadExecutor());
    CompletableFuture<Float> score = recorder.timeQueued(executor, prediction -> model.predict(1));

    assertThat(score.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo(2);
    executor.shutdown();
    assertThat(Scrape.of(registry).value("prediction_stage_latency_ms_count{stage=\"queue\"}"))
        .isEqualTo(1);
  }

  @Test
  void streamPulled() {
    List<Float> sent = new ArrayList<>();
    try (var items = TimedIterator.of(recorder, () -> model.generate(1).iterator())) {
      items.forEachRemaining(sent::add);
    }

    assertThat(sent).containsExactly(1f, 2f);
    assertOneSuccess();
  }

  @Test
  void streamPushed() {
    Flow.Publisher<Float> source = subscriber -> model.generate(1).forEach(subscriber::onNext);
    List<Float> sent = new ArrayList<>();
    Flow.Publisher<Float> tokens = TimedPublisher.of(recorder, source);

    tokens.subscribe(new Collector(sent));
    assertThat(sent).containsExactly(1f, 2f);
    assertThat(Scrape.of(registry).value("prediction_stream_items_total")).isEqualTo(2);
  }

  /** As a framework's subscriber. */
  private record Collector(List<Float> items) implements Flow.Subscriber<Float> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(Float item) {
      items.add(item);
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onComplete() {}
  }

  @Test
  void timedElsewhere() {
    recorder.record(Duration.ofMillis(7), Status.SUCCESS);

    assertOneSuccess();
    assertThat(Scrape.of(registry).sumMillis()).isEqualTo(7);
  }
}
