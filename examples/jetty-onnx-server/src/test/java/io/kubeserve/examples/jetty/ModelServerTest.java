package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ai.onnxruntime.OrtException;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.testing.Http;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ModelServerTest extends ServerTest {
  ModelServerTest() {
    super(ServerOptions.local());
  }

  private void assertCounts(int successes, int errors) {
    assertThat(http.successes()).as("successes").isEqualTo(successes);
    assertThat(http.errors()).as("errors").isEqualTo(errors);
    assertThat(http.metric("prediction_latency_ms_count")).isEqualTo(successes + errors);
    assertThat(http.metric("prediction_latency_ms_bucket{le=\"+Inf\"}"))
        .isEqualTo(successes + errors);
    assertThat(http.metric("predictions_in_flight")).isZero();
  }

  @Nested
  class WithTheIrisClassifier {
    @BeforeEach
    void load() throws Exception {
      server.load(OnnxModel::loadBundled);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[[5.1, 3.5, 1.4, 0.2]] | [0]",
          "[5.1, 3.5, 1.4, 0.2] | [0]",
          "[[5.1, 3.5, 1.4, 0.2], [6.0, 2.9, 4.5, 1.5], [7.7, 3.0, 6.1, 2.3]] | [0,1,2]",
          "[[1, 2, 3, 4]] | [2]",
        })
    void predict_rows_returnsASpeciesForEach(String data, String predictions) {
      HttpResponse<String> response = http.predict("{\"x\": {}, \"data\": " + data + "}");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
      assertThat(response.body())
          .isEqualTo("{\"predictions\":" + predictions + ",\"model_loaded\":true}");
      assertCounts(1, 0);
    }

    @Test
    void predict_byThePathOfTheIngress_isTheSame() {
      HttpResponse<String> response =
          http.post("/api/v1/predict/17/predict", BodyPublishers.ofString(Http.ONE_ROW));

      assertThat(response.statusCode()).isEqualTo(200);
      assertCounts(1, 0);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "[[1, 2]] | Row 0 has 2 values, but the model takes 4",
          "[[1, 2, 3, 4], [1, 2, 3, 4, 5]] | Row 1 has 5 values, but the model takes 4",
          "[[]] | Row 0 has 0 values, but the model takes 4",
          "[[1, 2, NaN, 4]] | Value 2 of row 0 is NaN",
          "[[1, 2, 3, -Infinity]] | Value 3 of row 0 is -Infinity",
          "[[1, 2, 3, 1e39]] | Value 3 of row 0 is Infinity",
          "[] | data is an empty batch",
        })
    void predict_rowsThatTheModelCannotTake_areAnError(String data, String detail) {
      HttpResponse<String> response = http.predict("{\"data\": " + data + "}");

      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(Http.detail(response)).startsWith(detail);
      assertCounts(0, 1);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"data\": [[\"1\", 2, 3, 4]]} | Value 0 of row 0 is not a number",
          "{\"data\": [[1, null, 3, 4]]} | Value 1 of row 0 is not a number",
          "{\"data\": [1, [2]]} | Value 1 of row 0 is not a number",
          "{\"data\": [[1], 2]} | Row 1 is no array of numbers",
          "{\"data\": \"x\"} | The field \"data\" must be an array",
          "{\"data\": [[1]], \"data\": [[1]]} | The field \"data\" is there twice",
          "{} | The field \"data\" is missing",
          "{\"dat\": [[1]]} | The field \"data\" is missing",
          "[] | The body must be a JSON object",
          "`` | The body must be a JSON object",
          "{\"data\": [[1, 2 | The body is not JSON, at line 1",
          "hello | The body is not JSON, at line 1",
          "{\"data\": [[1]]} {} | The body goes on",
        })
    void predict_bodyThatDoesNotFit_isNoPrediction(String body, String detail) {
      HttpResponse<String> response = http.predict(body);

      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(Http.detail(response)).startsWith(detail);
      assertCounts(0, 0);
    }

    @Test
    void predict_bodyInAnEncodingThatNobodyHas_isNoPrediction() {
      byte[] unusualUtf32 = {0, 0, '"', 0};

      HttpResponse<String> response =
          http.post("/predict", BodyPublishers.ofByteArray(unusualUtf32));

      assertThat(response.statusCode()).isEqualTo(422);
      assertThat(Http.detail(response)).isEqualTo("The body is not JSON in UTF-8");
      assertCounts(0, 0);
    }

    @Test
    void predict_asManyRowsAsThereMayBe_succeeds() {
      assertThat(http.predict(batch(PredictRequest.MAX_ROWS)).statusCode()).isEqualTo(200);
      assertCounts(1, 0);
    }

    @Test
    void predict_tooManyRows_isRefused() {
      HttpResponse<String> response = http.predict(batch(PredictRequest.MAX_ROWS + 1));

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(Http.detail(response)).startsWith("data has more than 10,000 rows");
      assertCounts(0, 0);
    }

    @Test
    void predict_tooWideARow_isRefusedBeforeItFillsTheMemory() {
      String row = "1,".repeat(JsonBody.MAX_VALUES) + "1";

      HttpResponse<String> response = http.predict("{\"data\": [[" + row + "]]}");

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(Http.detail(response)).startsWith("data has more than 1,000,000 values");
    }

    /** Only the head is sent: a client that sends on may find the connection closed first. */
    @Test
    void predict_tooLargeABody_isRefusedByItsLength() throws IOException {
      URI url = URI.create(server.url());
      try (Socket client = new Socket(url.getHost(), url.getPort())) {
        client.setSoTimeout(120_000);
        String head =
            "POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
                .formatted(JsonBody.MAX_BYTES + 1);
        client.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertThat(answer)
            .startsWith("HTTP/1.1 413 ")
            .contains("The body has more than 10,000,000 bytes");
      }
      assertCounts(0, 0);
    }

    @Test
    void predict_tooLargeABodyOfUnknownLength_isRefused() {
      byte[] body = new byte[JsonBody.MAX_BYTES + 1];
      Arrays.fill(body, (byte) ' ');

      HttpResponse<String> response =
          http.post("/predict", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)));

      assertThat(response.statusCode()).isEqualTo(413);
      assertThat(Http.detail(response)).startsWith("The body has more than 10,000,000 bytes");
    }

    private static String batch(int rows) {
      return Stream.generate(() -> "[1,2,3,4]")
          .limit(rows)
          .collect(Collectors.joining(",", "{\"data\":[", "]}"));
    }

    @Test
    void health_andReadiness_sayThatTheModelIsLoaded() {
      assertThat(http.get("/health").body())
          .isEqualTo("{\"status\":\"healthy\",\"model_loaded\":true}");
      assertThat(http.get("/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void predict_beforeTheModelIsLoaded_isUnavailableAndAnError() {
    HttpResponse<String> response = http.predict(Http.ONE_ROW);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Http.detail(response)).startsWith("The model is not loaded yet");
    assertCounts(0, 1);
  }

  @Test
  void health_beforeTheModelIsLoaded_isHealthyButNotReady() {
    assertThat(http.get("/health").body())
        .isEqualTo("{\"status\":\"healthy\",\"model_loaded\":false}");
    assertThat(http.get("/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void predict_modelFails_isAnErrorThatSaysNothingOfTheInside() throws Exception {
    server.load(
        () ->
            new StubModel(
                input -> {
                  throw new OrtException("secret");
                }));

    HttpResponse<String> response = http.predict(Http.ONE_ROW);

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("{\"detail\":\"The prediction failed\"}");
    assertCounts(0, 1);
  }

  @Test
  void load_fails_serverIsNotReady() {
    assertThatThrownBy(
            () ->
                server.load(
                    () -> {
                      throw new IOException("no such file");
                    }))
        .hasMessage("no such file");

    assertThat(http.get("/ready").statusCode()).isEqualTo(503);
    assertThat(http.metric("model_ready")).isZero();
  }

  @Test
  void load_warmUp_isNoPredictionAndTheLifecycleIsShown() throws Exception {
    server.load(OnnxModel::loadBundled);

    assertCounts(0, 0);
    assertThat(http.metric("model_ready")).isEqualTo(1);
    assertThat(http.metric("model_load_seconds")).isPositive();
    assertThat(http.metric("model_info{model=\"iris\",version=\"1\"}")).isEqualTo(1);
  }

  @Test
  void predict_batch_hasItsSizeAndItsStages() throws Exception {
    server.load(OnnxModel::loadBundled);

    http.predict("{\"data\": [[1, 2, 3, 4], [5, 6, 7, 8], [1, 2, 3, 4]]}");

    assertThat(http.metric("prediction_batch_size_sum")).isEqualTo(3);
    assertThat(http.metric("predicted_items_total")).isEqualTo(3);
    double stages = 0;
    for (Stage stage : List.of(Stage.QUEUE, Stage.PREPROCESS, Stage.INFERENCE, Stage.POSTPROCESS)) {
      String label = "{stage=\"%s\"}".formatted(stage.labelValue());
      assertThat(http.metric("prediction_stage_latency_ms_count" + label)).isEqualTo(1);
      stages += http.metric("prediction_stage_latency_ms_sum" + label);
    }
    assertThat(stages).isPositive().isLessThanOrEqualTo(http.metric("prediction_latency_ms_sum"));
  }

  @Test
  void summary_isTheScrapeAsJson() throws Exception {
    server.load(OnnxModel::loadBundled);
    http.predict(Http.ONE_ROW);

    JsonNode model = Http.json(http.get("/metrics/summary")).at("/models/0");

    assertThat(model.at("/model").asString()).isEqualTo("iris");
    assertThat(model.at("/ready").asBoolean()).isTrue();
    assertThat(model.at("/predictions/success").asInt()).isEqualTo(1);
    assertThat(model.at("/stages/inference/count").asInt()).isEqualTo(1);
  }

  @Test
  void livePage_showsThePredictions_andIsNoTrafficItself() throws Exception {
    server.load(OnnxModel::loadBundled);
    http.predict(Http.ONE_ROW);

    assertThat(http.get("/live/").body()).contains("<title>Live metrics</title>");
    await()
        .until(
            () ->
                Http.json(http.get("/live/samples"))
                        .at("/models/0/total/success")
                        .toString()
                        .equals("1")
                    && Http.json(http.get("/live/samples")).at("/requests/2xx").isArray());
    assertThat(http.get("/metrics").body()).doesNotContain("/live");
  }

  @Test
  void root_namesTheEndpoints() {
    assertThat(http.get("/").body()).contains("POST /predict", "GET /metrics");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nope", "/api/v1/predict", "/api/v1/predict/1", "/api/v1/predict/1/2/predict"})
  void get_unknownPath_isNotFound(String path) {
    HttpResponse<String> response = http.get(path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Http.detail(response)).isEqualTo("Not Found");
  }

  @Test
  void get_ofAPostEndpoint_isNotAllowed() {
    HttpResponse<String> response = http.get("/predict");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void httpMetrics_tellRequestsByRoute() {
    http.predict(Http.ONE_ROW);
    http.post("/api/v1/predict/17/predict", BodyPublishers.ofString(Http.ONE_ROW));
    http.get("/api/v1/predict/17/predict");
    http.get("/api/v1/predict/17");
    http.get("/nope");
    http.get("/");

    assertThat(http.requests("/predict", "POST", "5xx")).isEqualTo(1);
    assertThat(http.requests("/api/v1/predict/{deployment}/predict", "POST", "5xx")).isEqualTo(1);
    assertThat(http.requests("/api/v1/predict/{deployment}/predict", "GET", "4xx")).isEqualTo(1);
    assertThat(http.requests("none", "GET", "4xx")).isEqualTo(2);
    assertThat(http.requests("/", "GET", "2xx")).isEqualTo(1);
    await().untilAsserted(() -> assertThat(http.requests("/metrics", "GET", "2xx")).isPositive());
  }

  @Test
  void metricsPort_hasTheScrapes_andThePortOfTheEndpointsHasNone() throws Exception {
    ModelServer twoPorts = new ModelServer(ServerOptions.local().withMetricsPort(0));
    twoPorts.start();
    try {
      Http endpoints = new Http(twoPorts.url());
      Http metrics = new Http(twoPorts.metricsUrl());
      endpoints.predict(Http.ONE_ROW);

      assertThat(endpoints.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(metrics.errors()).isEqualTo(1);
      assertThat(metrics.requests("/predict", "POST", "5xx")).isEqualTo(1);
      assertThat(metrics.get("/predict").statusCode()).isEqualTo(404);
    } finally {
      twoPorts.stop();
    }
  }

  @Test
  void metricsPort_thatIsTaken_leavesNoPortOpen() throws Exception {
    int taken = URI.create(server.url()).getPort();
    ModelServer second = new ModelServer(ServerOptions.local().withMetricsPort(taken));

    assertThatThrownBy(second::start).isInstanceOf(IOException.class);
    assertThat(URI.create(second.url()).getPort()).isNotPositive();
  }

  @Test
  void noHttpMetrics_leavesPredictionsAlone() throws Exception {
    ModelServer without = new ModelServer(ServerOptions.local().with(Instrumentation.PREDICTIONS));
    without.start();
    try {
      assertThat(new Http(without.url()).get("/metrics").body())
          .contains("predictions_total")
          .doesNotContain("http_requests");
    } finally {
      without.stop();
    }
  }

  @Test
  void noMetrics_predictsWithoutSeries() throws Exception {
    ModelServer without = new ModelServer(ServerOptions.local().with(Instrumentation.NOTHING));
    without.start();
    try {
      without.load(OnnxModel::loadBundled);
      Http client = new Http(without.url());
      assertThat(client.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      assertThat(client.get("/ready").statusCode()).isEqualTo(200);
      assertThat(client.get("/metrics").body())
          .contains("jvm_threads_current")
          .doesNotContain("http_requests", "predictions_total{");
    } finally {
      without.stop();
    }
  }

  @Test
  void metrics_haveTheJvmToo() {
    assertThat(http.get("/metrics").body())
        .contains("jvm_memory_used_bytes", "process_cpu_seconds_total");
  }
}
