package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link StreamedOutput} in the real containers, with clients that read to the end or do not. */
class StreamingTest {
  private static final byte[] ITEM =
      "data: token\n\n".repeat(100).getBytes(StandardCharsets.US_ASCII);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder();

  private RunningServer start(Container container, int items) throws Exception {
    Route route = new Route((request, response) -> send(items, response));
    return container.start(context -> ContractApp.addServlet(context, route, "/stream"));
  }

  private void send(int items, HttpServletResponse response) throws IOException {
    response.setContentType("text/event-stream");
    try (PredictionStream stream = recorder.startStream()) {
      ServletOutputStream out = StreamedOutput.of(response.getOutputStream(), stream);
      for (int i = 0; i < items; i++) {
        out.write(ITEM);
        out.flush();
      }
      out.close();
    }
  }

  private Scrape awaitEnd() {
    await().until(() -> ended(Scrape.of(registry)) == 1);
    return Scrape.of(registry);
  }

  private static double ended(Scrape scrape) {
    return scrape.successes() + scrape.errors();
  }

  @ParameterizedTest
  @EnumSource
  void stream_readToTheEnd_countsEveryItem(Container container) throws Exception {
    try (RunningServer server = start(container, 25)) {
      assertThat(server.get("/stream").body()).hasSize(25 * ITEM.length);

      Scrape scrape = awaitEnd();
      assertThat(scrape.value("prediction_stream_items_total")).isEqualTo(25);
      assertThat(scrape.successes()).isEqualTo(1);
      assertThat(scrape.inFlight()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void stream_clientLeavesHalfWay_isCancelled(Container container) throws Exception {
    int items = 1_000_000; // more than any buffer takes: the server is writing when the client goes
    try (RunningServer server = start(container, items)) {
      try (Socket client = server.connect()) {
        client
            .getOutputStream()
            .write("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(client.getInputStream().readNBytes(10 * ITEM.length)).hasSize(10 * ITEM.length);
      }

      Scrape scrape = awaitEnd();
      assertThat(scrape.value("prediction_errors_total{reason=\"cancelled\"}")).isEqualTo(1);
      assertThat(scrape.errors()).isEqualTo(1);
      assertThat(scrape.inFlight()).isZero();
      assertThat(scrape.value("prediction_stream_items_total")).isBetween(9.0, items - 1.0);
    }
  }
}
