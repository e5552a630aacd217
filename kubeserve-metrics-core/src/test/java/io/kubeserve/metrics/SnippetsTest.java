package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
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
              prediction.done(Stage.PREPROCESS);
              float output = model.predict(input);
              prediction.done(Stage.INFERENCE);
              return decode(output);
            });
    // @end
    assertThat(score).isNotNegative();
    assertThat(Scrape.of(registry).value("prediction_stage_latency_ms_count{stage=\"inference\"}"))
        .isEqualTo(1);
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
    try (LatencyLog log = new LatencyLog(recorder, Files.newOutputStream(file))) {
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
