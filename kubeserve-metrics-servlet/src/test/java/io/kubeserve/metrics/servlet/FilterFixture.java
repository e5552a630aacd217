package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Map;
import java.util.stream.Collectors;

/** A registry with HTTP metrics, and what a test asks of it. */
final class FilterFixture {
  final PrometheusRegistry registry = new PrometheusRegistry();
  final ManualTicker ticker = new ManualTicker();
  final HttpMetrics metrics =
      HttpMetrics.builder().registry(registry).ticker(ticker).inProgress(true).build();

  Scrape scrape() {
    return Scrape.of(registry);
  }

  double requests() {
    return scrape().value("http_request_duration_highr_seconds_count");
  }

  /** Waits until that many requests have ended, all in all, and none is in progress. */
  void awaitRequests(int count) {
    // An answer is on its way a moment before its request is counted.
    await().until(() -> requests() >= count && inProgress() == 0);
    assertThat(requests()).isEqualTo(count);
  }

  double inProgress() {
    return scrape().value("http_requests_inprogress");
  }

  /** The series of {@code http_requests_total}, without the name. */
  Map<String, Double> counts() {
    return scrape().samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith("http_requests_total"))
        .collect(
            Collectors.toMap(
                sample -> sample.getKey().substring("http_requests_total".length()),
                Map.Entry::getValue));
  }

  static String series(String handler, String method, String status) {
    return "{handler=\"%s\",method=\"%s\",status=\"%s\"}".formatted(handler, method, status);
  }
}
