package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.Loads;
import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.live.SummaryJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SummaryServletTest {
  /** What {@link #record} makes; the guide shows it. */
  static final String DOCUMENT =
      """
      {
        "recent_seconds": 60.0,
        "queue_depth": 2,
        "models": [
          {
            "model": "iris",
            "version": "3",
            "ready": true,
            "in_flight": 1,
            "predictions": {"success": 99, "error": 1},
            "errors": {"timeout": 1, "cancelled": 0, "rejected": 0, "invalid_input": 0, "other": 0},
            "latency_ms": {
              "count": 100,
              "mean": 15.1,
              "p50": 9.967378038675903,
              "p95": 9.967378038675903,
              "p99": 40.172184224790115,
              "max": 495.12265132877417
            },
            "recent_latency_ms": {
              "count": 3,
              "mean": 180.0,
              "p50": 40.172184224790115,
              "p95": 495.12265132877417,
              "p99": 495.12265132877417,
              "max": 495.12265132877417
            },
            "stages": {
              "inference": {
                "count": 1,
                "mean": 40.0,
                "p50": 40.172184224790115,
                "p95": 40.172184224790115,
                "p99": 40.172184224790115,
                "max": 40.172184224790115
              }
            },
            "items": {"predicted": 8, "streamed": 2}
          }
        ]
      }
      """;

  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder = Path.of("");

  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).ticker(ticker).build();

  private static RunningServer start(Container container, SummaryServlet servlet) throws Exception {
    return container.start(context -> ContractApp.addServlet(context, servlet, "/metrics/summary"));
  }

  private RunningServer start(Container container) throws Exception {
    return start(container, new SummaryServlet(new SummaryJson(metrics)));
  }

  private static HttpResponse<String> get(RunningServer server) throws Exception {
    return server.get("/metrics/summary");
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  private void record() {
    PredictionRecorder iris = metrics.recorder("iris", "3");
    iris.model().load(() -> "model");
    for (int i = 0; i < 97; i++) {
      iris.record(Duration.ofMillis(10), Status.SUCCESS);
    }
    // The window is kept by its readers.
    ticker.advance(Duration.ofHours(1));
    iris.model().recentLatency();
    ticker.advance(Duration.ofHours(1));
    iris.timeStages(
        prediction -> {
          prediction.batchSize(8);
          return "";
        });
    iris.recordError(Duration.ofMillis(500), ErrorReason.TIMEOUT);
    try (PredictionStream stream = iris.startStream()) {
      ticker.advanceMillis(40);
      stream.endStage(Stage.INFERENCE);
      stream.item();
      stream.item();
      stream.success();
    }
    iris.start();
    metrics.monitorQueue(() -> 2);
  }

  @ParameterizedTest
  @EnumSource
  void get_knownLoad_isTheExactDocument(Container container) throws Exception {
    record();
    try (RunningServer server = start(container)) {
      HttpResponse<String> response = get(server);

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(header(response, "Content-Type")).isEqualTo("application/json");
      assertThat(header(response, "Content-Length"))
          .isEqualTo(Integer.toString(response.body().length()));
      assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
      assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(response.body()).isEqualTo(DOCUMENT.replaceAll("\\s", ""));
    }
  }

  @Test
  void get_noRecorder_hasNoModel() throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(get(server).body())
          .isEqualTo("{\"recent_seconds\":60.0,\"queue_depth\":0,\"models\":[]}");
    }
  }

  @Test
  void get_idleModel_hasNulls() throws Exception {
    metrics.recorder();
    try (RunningServer server = start(Container.JETTY)) {
      JsonNode model = JSON.readTree(get(server).body()).at("/models/0");

      assertThat(model.at("/model").isNull()).isTrue();
      assertThat(model.at("/version").isNull()).isTrue();
      assertThat(model.at("/ready").isNull()).isTrue();
      for (String latency : new String[] {"latency_ms", "recent_latency_ms"}) {
        assertThat(model.path(latency).toString())
            .isEqualTo(
                "{\"count\":0,\"mean\":null,\"p50\":null,\"p95\":null,\"p99\":null,\"max\":null}");
      }
      assertThat(model.at("/stages").toString()).isEqualTo("{}");
    }
  }

  @Test
  void get_modelThatIsNotLoaded_isNotReady() throws Exception {
    PredictionRecorder recorder = metrics.recorder("iris", "3");
    Loads.fail(recorder);
    try (RunningServer server = start(Container.JETTY)) {
      JsonNode model = JSON.readTree(get(server).body()).at("/models/0");

      assertThat(model.at("/ready").isBoolean()).isTrue();
      assertThat(model.at("/ready").asBoolean()).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"<script>\"", "a\\b", "模型 🌸", "a\u00a0b</script>"})
  void get_strangeName_isEscaped(String name) throws Exception {
    metrics.recorder(name, name);
    for (Container container : Container.values()) {
      try (RunningServer server = start(container)) {
        JsonNode model = JSON.readTree(get(server).body()).at("/models/0");

        assertThat(model.at("/model").asString()).isEqualTo(name);
        assertThat(model.at("/version").asString()).isEqualTo(name);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void head_answersTheHeadersOfAGet(Container container) throws Exception {
    record();
    try (RunningServer server = start(container)) {
      HttpResponse<String> head = server.send("HEAD", "/metrics/summary");

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(header(head, "Content-Type")).isEqualTo("application/json");
      assertThat(header(head, "Content-Length")).isEqualTo(header(get(server), "Content-Length"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO"})
  void method_otherThanGetAndHead_isRefused(String method) throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      HttpResponse<String> response = server.send(method, "/metrics/summary");

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  void queueThatThrows_countsAsEmpty() throws Exception {
    metrics.monitorQueue(
        () -> {
          throw new StackOverflowError("a secret");
        });
    metrics.monitorQueue(() -> 3);
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(JSON.readTree(get(server).body()).at("/queue_depth").asInt()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void token_ofAFile_isAskedFor(Container container) throws Exception {
    record();
    Path file = Files.writeString(folder.resolve("token"), "s3cret\n");
    SummaryServlet servlet =
        SummaryServlet.builder(new SummaryJson(metrics)).bearerTokenFile(file).build();
    try (RunningServer server = start(container, servlet)) {
      HttpResponse<String> without = get(server);
      HttpResponse<String> with =
          server.send(
              server.request("/metrics/summary").header("Authorization", "Bearer s3cret").build());

      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(header(without, "WWW-Authenticate")).startsWith("Bearer");
      assertThat(without.body()).doesNotContain("s3cret", "iris");
      assertThat(with.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void configuration_thatIsWrong_isRefusedWithASentence() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "t");

    assertThatThrownBy(
            () ->
                SummaryServlet.builder(new SummaryJson(metrics))
                    .bearerTokenVariable("NO_SUCH_VARIABLE"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NO_SUCH_VARIABLE of the bearer token is not set");
    assertThatThrownBy(
            () ->
                SummaryServlet.builder(new SummaryJson(metrics))
                    .bearerTokenFile(file)
                    .bearerTokenVariable("PATH"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not from both");
  }
}
