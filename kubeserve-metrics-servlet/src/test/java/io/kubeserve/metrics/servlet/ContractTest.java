package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.testing.HttpContract;
import io.kubeserve.testing.ParsedScrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
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
      HttpContract.sendRequests(server.url());
      // An answer is on its way a moment before its request is counted.
      await().until(() -> requests() == HttpContract.REQUESTS);
      server.get("/metrics");
      await().until(() -> requests() == HttpContract.REQUESTS + 1);
      ours = ParsedScrape.parse(server.get("/metrics").body()).only("http_");
    }

    ParsedScrape python = HttpContract.python();
    ours.blank(HttpContract.differing());
    python.blank(HttpContract.differing());
    assertThat(ours.families().keySet()).isEqualTo(python.families().keySet());
    python
        .families()
        .forEach((name, family) -> assertThat(ours.families().get(name)).isEqualTo(family));
  }

  private double requests() {
    return Scrape.of(registry).value("http_request_duration_highr_seconds_count");
  }
}
