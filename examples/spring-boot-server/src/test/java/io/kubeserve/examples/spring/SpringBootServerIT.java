package io.kubeserve.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RawConnection;
import io.kubeserve.testing.RawConnection.Answer;
import io.kubeserve.testing.RunningServer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The built jar as a newcomer runs it. */
class SpringBootServerIT {
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;
  private static final int ONE_ROW_BYTES = Http.ONE_ROW.length();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration LOGGED_TO = Duration.ofMillis(1);

  private RunningServer server;
  private Http http;

  @BeforeEach
  void start() throws Exception {
    server =
        new RunningServer(
            "--drain=0",
            "--kubeserve.metrics.http.in-progress=true",
            "--spring.lifecycle.timeout-per-shutdown-phase=" + LIMIT.toSeconds() + "s");
    http = server.http();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void jar_successesAndFailures_metricsSayExactlyThat() throws Exception {
    assertThat(http.get("/ready").statusCode()).isEqualTo(200);
    assertThat(http.predict(Http.ONE_ROW).body())
        .isEqualTo("{\"predictions\":[2],\"model_loaded\":true}");
    assertThat(http.predict(Http.NARROW_ROW).statusCode()).isEqualTo(422);
    assertThat(Http.detail(http.predict(Http.NARROW_ROW)))
        .isEqualTo("A row has 2 values, and the model takes 4");
    assertThat(http.predict("not JSON").statusCode()).isEqualTo(422);
    assertThat(http.predict("{}").statusCode()).isEqualTo(422);

    assertThat(http.successes()).isEqualTo(1);
    assertThat(http.errors()).isEqualTo(2);
    assertThat(http.metric("prediction_latency_ms_count")).isEqualTo(3);
    assertThat(http.requests("/predict", "POST", "2xx")).isEqualTo(1);
    assertThat(http.requests("/predict", "POST", "4xx")).isEqualTo(4);
    assertThat(server.terminate()).isEqualTo(SIGTERM_EXIT_STATUS);
  }

  @Test
  void predict_oneRowFlat_isABatchOfOne() {
    assertThat(http.predict("{\"data\": [5.1, 3.5, 1.4, 0.2]}").body())
        .isEqualTo("{\"predictions\":[0],\"model_loaded\":true}");
    assertThat(Http.detail(http.predict("{\"data\": []}"))).startsWith("data is an empty batch");
    assertThat(Http.detail(http.predict("{\"data\": [[]]}"))).startsWith("A row has 0 values");
  }

  @Test
  void predict_bodyThatDoesNotFit_saysWhatFits() {
    String[] bodies = {
      "{\"data\": [1, \"2\", 3, 4]}",
      "{\"data\": [[1, \"2\", 3, 4]]}",
      "{\"data\": [null]}",
      "{\"data\": [[null, 2, 3, 4]]}",
      "{\"data\": [[1, 2, 3, 4], 5]}",
      "{\"data\": [1, [2]]}",
      "{\"data\": {\"a\": 1}}",
      "{\"data\": 1}",
      "{\"data\": null}",
      "{\"data\": [[1, 2",
      "null",
      "",
    };
    for (String body : bodies) {
      HttpResponse<String> response = http.predict(body);

      assertThat(response.statusCode()).as(body).isEqualTo(422);
      assertThat(Http.detail(response)).as(body).startsWith("The body must be JSON such as");
    }
    assertThat(http.errors()).isZero();
  }

  @Test
  void predict_compressedBody_isRefusedWithASentence() throws Exception {
    try (RawConnection connection = new RawConnection(http)) {
      String request =
          RawConnection.prediction("compressed")
              .replaceFirst("\r\n", "\r\nContent-Encoding: gzip\r\n");

      Answer answer = connection.ask(request);

      assertThat(answer.status()).isEqualTo(415);
      assertThat(answer.headers()).containsEntry("accept-encoding", "identity");
      assertThat(answer.body()).contains("send it without Content-Encoding");
    }
    assertThat(http.requests("/predict", "POST", "4xx")).isEqualTo(1);
  }

  @Test
  void actuator_atTheRoot_isNotMeasured() {
    http.get("/health");
    http.get("/ready");
    http.predict(Http.ONE_ROW);

    assertThat(http.get("/metrics").body())
        .contains("handler=\"/predict\"")
        .doesNotContain("handler=\"/health", "handler=\"/ready", "handler=\"/metrics");
  }

  @Test
  void sigterm_halfSentRequest_isAnsweredOnceItIsWhole() throws Exception {
    try (RawConnection connection = new RawConnection(http)) {
      connection.send(
          "POST /predict HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
              + "Content-Length: %d\r\nExpect: 100-continue\r\n\r\n".formatted(ONE_ROW_BYTES));
      assertThat(connection.read().status()).as("Tomcat has the headers").isEqualTo(100);
      await().atMost(LIMIT).until(() -> http.metric("http_requests_inprogress") == 1);

      server.signal();
      await().atMost(LIMIT).until(() -> RawConnection.isRefused(http));
      connection.send(Http.ONE_ROW);

      Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(connection.awaitEnd()).isTrue();
    }
    assertThat(server.terminate()).isEqualTo(SIGTERM_EXIT_STATUS);
  }

  @Test
  void sigterm_whatWasAcceptedLast_hasASecondBeforeTomcatPauses() throws Exception {
    server.terminate();

    assertThat(Duration.between(logged("Answers for"), logged("Commencing graceful shutdown")))
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).minus(LOGGED_TO));
  }

  private OffsetDateTime logged(String message) {
    return server
        .output()
        .lines()
        .filter(line -> line.contains(message))
        .map(line -> OffsetDateTime.parse(line.split(" ", 2)[0]))
        .findFirst()
        .orElseThrow();
  }
}
