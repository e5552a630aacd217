package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CreatedTimestampsTest {
  private static final Pattern CREATED =
      Pattern.compile("(\\S+)_created(\\{.*})? (\\d+)\\.(\\d{3})");

  private final PrometheusRegistry registry = new PrometheusRegistry();

  /** The times of creation that OpenMetrics shows, by series. */
  private Map<String, Long> createdMillis() throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    boolean withCreatedTimestamps = true;
    new OpenMetricsTextFormatWriter(withCreatedTimestamps, false).write(text, registry.scrape());
    Map<String, Long> created = new TreeMap<>();
    for (String line : text.toString(StandardCharsets.UTF_8).lines().toList()) {
      Matcher matcher = CREATED.matcher(line);
      if (matcher.matches()) {
        String labels = matcher.group(2) == null ? "" : matcher.group(2);
        created.put(matcher.group(1) + labels, Long.parseLong(matcher.group(3) + matcher.group(4)));
      }
    }
    return created;
  }

  /** Waits until the clock shows another millisecond. */
  private static long nextMillis() {
    long before = System.currentTimeMillis();
    await().pollInterval(Duration.ofMillis(1)).until(() -> System.currentTimeMillis() > before);
    return System.currentTimeMillis();
  }

  @Test
  void scrape_inOpenMetrics_saysWhenEachSeriesWas0() throws IOException {
    long start = System.currentTimeMillis();
    PredictionRecorder recorder =
        PredictionMetrics.builder().registry(registry).build().recorder("iris", "2");
    long firstError = nextMillis();
    recorder.recordError(Duration.ofMillis(1), ErrorReason.TIMEOUT);
    long firstParts = nextMillis();
    recorder.timeStages(
        prediction -> {
          prediction.endStage(Stage.INFERENCE);
          prediction.batchSize(3);
          return prediction;
        });
    try (PredictionStream stream = recorder.startStream()) {
      stream.item();
      stream.success();
    }
    long firstLoad = nextMillis();
    recorder.model().load(() -> "iris.onnx");
    nextMillis();

    Map<String, Long> created = createdMillis();

    String iris = "{model=\"iris\",version=\"2\"}";
    assertThat(created.get("prediction_latency_ms" + iris)).isBetween(start, firstError - 1);
    assertThat(created.get("prediction_models_folded")).isBetween(start, firstError - 1);
    assertThat(created.get("predictions{model=\"iris\",status=\"success\",version=\"2\"}"))
        .isEqualTo(created.get("predictions{model=\"iris\",status=\"error\",version=\"2\"}"))
        .isBetween(start, firstError - 1);
    assertThat(created.get("prediction_errors{model=\"iris\",reason=\"timeout\",version=\"2\"}"))
        .isEqualTo(created.get("prediction_errors{model=\"iris\",reason=\"other\",version=\"2\"}"))
        .isBetween(firstError, firstParts - 1);
    assertThat(
            created.get(
                "prediction_stage_latency_ms{model=\"iris\",stage=\"inference\",version=\"2\"}"))
        .isBetween(firstParts, firstLoad - 1);
    assertThat(created)
        .extractingByKeys(
            "prediction_batch_size" + iris,
            "predicted_items" + iris,
            "prediction_stream_items" + iris,
            "gen_ai_server_request_duration_seconds" + iris)
        .allSatisfy(millis -> assertThat(millis).isBetween(firstParts, firstLoad - 1));
    assertThat(created.get("model_load_failures")).isGreaterThanOrEqualTo(firstLoad);
  }

  @Test
  void scrape_ofALabelSet_saysWhenThatWasMade() throws IOException {
    PredictionRecorder recorder =
        PredictionMetrics.builder().registry(registry).labelNames("tenant").build().recorder();
    recorder.record(Duration.ofMillis(1), Status.SUCCESS);
    long firstOfTenant = nextMillis();
    recorder.withLabelValues("acme").record(Duration.ofMillis(1), Status.SUCCESS);

    Map<String, Long> created = createdMillis();

    assertThat(created.get("prediction_latency_ms")).isLessThan(firstOfTenant);
    assertThat(created.get("prediction_latency_ms{tenant=\"acme\"}"))
        .isGreaterThanOrEqualTo(firstOfTenant);
  }
}
