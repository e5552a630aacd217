package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The guide on migrating: what a team has before, and after. */
class MigrationTest {
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
  }

  private static PrometheusMeterRegistry meters() {
    return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  }

  // @start region="micrometer-before"
  float predictWithMicrometer(PrometheusMeterRegistry meters, float[] features) throws IOException {
    Timer.Sample sample = Timer.start(meters);
    String outcome = "error";
    try {
      float score = model.predict(features);
      outcome = "success";
      return score;
    } finally {
      Timer latency =
          Timer.builder("predict.latency")
              .tag("outcome", outcome)
              .serviceLevelObjectives(Duration.ofMillis(100), Duration.ofMillis(500))
              .register(meters);
      sample.stop(latency);
    }
  }

  // @end

  @Test
  void micrometer_andThisLibrary_countTheSameInOneScrape() throws IOException {
    PrometheusMeterRegistry meters = meters();
    // @start region="micrometer-after"
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(meters.getPrometheusRegistry()).build();
    PredictionRecorder recorder = metrics.recorder();

    float score = recorder.time(() -> model.predict(x));
    // @end
    assertThat(predictWithMicrometer(meters, x)).isEqualTo(score);
    assertThatThrownBy(() -> recorder.time(() -> predictWithMicrometer(meters, new float[0])))
        .hasMessage("no features");
    // both record beside each other until the dashboards have moved
    assertThat(recorder.time(() -> predictWithMicrometer(meters, x))).isEqualTo(score);

    assertThat(Samples.of(meters.scrape()))
        .containsEntry("predict_latency_seconds_count{outcome=\"success\"}", 2.0)
        .containsEntry("predict_latency_seconds_count{outcome=\"error\"}", 1.0)
        .containsEntry("predictions_total{status=\"success\"}", 2.0)
        .containsEntry("predictions_total{status=\"error\"}", 1.0)
        .containsEntry("prediction_latency_ms_count", 3.0);
  }

  @Test
  void micrometerSample_becomesAHandle() throws IOException {
    PredictionRecorder recorder =
        PredictionMetrics.builder().registry(new PrometheusRegistry()).build().recorder();
    // @start region="micrometer-handle"
    try (Prediction prediction = recorder.start()) {
      float score = model.predict(x);
      if (Float.isFinite(score)) {
        prediction.success(); // what is not decided is an error
      }
    }
    // @end
    assertThat(recorder.model().latency().count()).isEqualTo(1);
  }

  @Test
  void micrometerMeterOfOurName_isRefusedBySayingWhich() {
    PrometheusMeterRegistry meters = meters();
    meters.counter("predictions").increment();

    assertThatThrownBy(
            () -> PredictionMetrics.builder().registry(meters.getPrometheusRegistry()).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a metric named predictions already")
        .hasMessageContaining("remove a metric of your own");
  }

  // @start region="client-java-before"
  float predictByHand(Histogram latency, Counter predictions, float[] features) throws IOException {
    long start = System.nanoTime();
    try {
      float score = model.predict(features);
      predictions.labelValues("success").inc();
      return score;
    } catch (IOException | RuntimeException e) {
      predictions.labelValues("error").inc();
      throw e;
    } finally {
      latency.observe((System.nanoTime() - start) / 1e6);
    }
  }

  // @end

  @Test
  void clientJava_collectorsOfOurNames_areToBeRemovedFirst() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    // @start region="client-java-register"
    Histogram latency =
        Histogram.builder()
            .name("prediction_latency_ms")
            .classicOnly()
            .classicUpperBounds(10, 50, 100, 200, 500, 1000, 2000, 5000)
            .register(registry);
    Counter predictions =
        Counter.builder().name("predictions_total").labelNames("status").register(registry);
    // @end
    assertThat(predictByHand(latency, predictions, x)).isEqualTo(1);
    assertThat(predictions.labelValues("success").get()).isEqualTo(1);

    assertThatThrownBy(() -> PredictionMetrics.builder().registry(registry).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("prediction_latency_ms");
    registry.unregister(latency);
    registry.unregister(predictions);

    // @start region="client-java-after"
    PredictionRecorder recorder = PredictionMetrics.builder().registry(registry).build().recorder();

    float score = recorder.time(() -> model.predict(x));
    // @end
    assertThat(score).isEqualTo(1);
    assertThat(Samples.of(registry)).containsEntry("predictions_total{status=\"success\"}", 1.0);
  }
}
