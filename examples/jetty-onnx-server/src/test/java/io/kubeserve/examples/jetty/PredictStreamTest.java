package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PredictStreamTest extends ServerTest {
  private static final String CANCELLED = "prediction_errors_total{reason=\"cancelled\"}";

  PredictStreamTest() {
    super(ServerOptions.local());
  }

  private HttpResponse<String> stream(String data) {
    return http.post("/predict/stream", BodyPublishers.ofString("{\"data\": " + data + "}"));
  }

  @Test
  void stream_rows_hasALineForEach() throws Exception {
    server.load(OnnxModel::loadBundled);

    HttpResponse<String> response = stream("[[5.1, 3.5, 1.4, 0.2], [6.0, 2.9, 4.5, 1.5]]");

    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/x-ndjson");
    assertThat(response.body()).isEqualTo("{\"predictions\":[0]}\n{\"predictions\":[1]}\n");
    await().untilAsserted(() -> assertThat(http.successes()).isEqualTo(1));
    assertThat(http.metric("prediction_stream_items_total")).isEqualTo(2);
    assertThat(http.metric("gen_ai_server_time_to_first_token_seconds_count")).isEqualTo(1);
    assertThat(http.metric("gen_ai_server_time_per_output_token_seconds_count")).isEqualTo(1);
  }

  @Test
  void stream_aRowThatTheModelCannotTake_isRefusedBeforeTheFirstLine() throws Exception {
    server.load(OnnxModel::loadBundled);

    HttpResponse<String> response = stream("[[5.1, 3.5, 1.4, 0.2], [6.0]]");

    assertThat(response.statusCode()).isEqualTo(422);
    assertThat(Http.detail(response)).startsWith("Row 1 has 1 values");
    assertThat(http.metric("prediction_errors_total{reason=\"invalid_input\"}")).isEqualTo(1);
    assertThat(http.metric("prediction_stream_items_total")).isZero();
  }

  @Test
  void stream_clientGoesAway_isCancelledOnce() throws Exception {
    CountDownLatch clientIsGone = new CountDownLatch(1);
    AtomicInteger rows = new AtomicInteger();
    server.load(
        () ->
            new StubModel(
                input -> {
                  if (rows.getAndIncrement() > 0) {
                    awaitQuietly(clientIsGone);
                  }
                  return new long[] {0};
                }));

    sendAndLeave("{\"data\": [" + "[1],".repeat(9_999) + "[1]]}");
    clientIsGone.countDown();

    await().untilAsserted(() -> assertThat(http.metric(CANCELLED)).isEqualTo(1));
    assertThat(http.metric("predictions_in_flight")).isZero();
    assertThat(http.metric("prediction_latency_ms_count")).isEqualTo(1);
    assertThat(http.metric("gen_ai_server_time_to_first_token_seconds_count")).isZero();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads the first bytes of the answer, then resets the connection. */
  private void sendAndLeave(String body) throws IOException {
    URI url = URI.create(server.url());
    try (Socket client = new Socket(url.getHost(), url.getPort())) {
      String head =
          "POST /predict/stream HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n"
              .formatted(body.length());
      client.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
      assertThat(client.getInputStream().read()).isPositive();
      client.setSoLinger(true, 0);
    }
  }
}
