package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The requests of the contract, and the scrape that the Python side answered after them. */
class ContractTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  @ParameterizedTest
  @EnumSource
  void scrape_afterTheContractsRequests_equalsThePythonOne(Container container) throws Exception {
    HttpMetrics metrics =
        HttpMetrics.builder().registry(registry).ticker(new ManualTicker()).build();

    ParsedScrape ours;
    try (RunningServer server =
        container.start(context -> ContractApp.configure(context, metrics, registry))) {
      sendRequests(server);
      // An answer is on its way a moment before its request is counted.
      await().until(() -> requests() == 12);
      server.get("/metrics");
      await().until(() -> requests() == 13);
      ours = ParsedScrape.parse(server.get("/metrics").body()).only("http_");
    }

    ParsedScrape python = ParsedScrape.parse(pythonScrape().replace("\"FOO\"", "\"_OTHER\""));
    blankWhatDiffers(ours);
    blankWhatDiffers(python);
    assertThat(ours.families().keySet()).isEqualTo(python.families().keySet());
    python
        .families()
        .forEach((name, family) -> assertThat(ours.families().get(name)).isEqualTo(family));
  }

  private static void sendRequests(RunningServer server) throws Exception {
    assertThat(server.get("/items/1").statusCode()).isEqualTo(200);
    assertThat(server.get("/items/abc").statusCode()).isEqualTo(422);
    assertThat(server.get("/nope").statusCode()).isEqualTo(404);
    assertThat(server.get("/nope/2").statusCode()).isEqualTo(404);
    assertThat(server.send("POST", "/items/1").statusCode()).isEqualTo(405);
    assertThat(server.get("/boom").statusCode()).isEqualTo(500);
    assertThat(server.get("/stream").body()).hasSize(200);
    assertThat(server.send("POST", "/v1/models/m:predict", "1234567").statusCode()).isEqualTo(200);
    assertThat(server.send("HEAD", "/items/1").statusCode()).isEqualTo(405);
    assertThat(server.send("OPTIONS", "/items/1").statusCode()).isEqualTo(405);
    assertThat(server.send("FOO", "/items/1").statusCode()).isEqualTo(405);
    assertThat(server.get("/items/1/").statusCode()).isEqualTo(307);
  }

  private double requests() {
    return Scrape.of(registry).value("http_request_duration_highr_seconds_count");
  }

  private static String pythonScrape() throws IOException {
    try (InputStream in =
        ContractTest.class.getResourceAsStream("/contract/instrumentator-8.0.2-scrape.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Durations, and the size of the first scrape. */
  private static void blankWhatDiffers(ParsedScrape scrape) {
    scrape.blank(
        sample ->
            sample.name().endsWith("_seconds_sum")
                || (sample.name().equals("http_response_size_bytes_sum")
                    && "/metrics".equals(sample.labels().get("handler"))));
  }
}
