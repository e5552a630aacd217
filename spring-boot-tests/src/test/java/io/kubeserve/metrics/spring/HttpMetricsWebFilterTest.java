package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/** The ends of a request that a real client brings about too seldom. */
class HttpMetricsWebFilterTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final HttpMetricsWebFilter filter =
      new HttpMetricsWebFilter(
          HttpMetrics.builder().registry(registry).build(), List.of("/actuator/*"));

  private static MockServerWebExchange get(String path) {
    return MockServerWebExchange.from(MockServerHttpRequest.get(path));
  }

  private double requests(String status) {
    return Samples.of(registry)
        .value(
            "http_requests_total",
            Map.of("handler", "none", "method", "GET", "status", status));
  }

  @Test
  void cancelled_beforeTheAnswer_isAnErrorOfTheServerOnce() {
    Disposable request = filter.filter(get("/never"), exchange -> Mono.never()).subscribe();
    request.dispose();
    request.dispose();

    assertThat(requests("5xx")).isEqualTo(1);
  }

  @Test
  void cancelled_withinTheAnswer_hasTheStatusThatWasSent() {
    Disposable request =
        filter
            .filter(
                get("/stream"),
                exchange -> {
                  exchange.getResponse().setStatusCode(HttpStatus.OK);
                  return exchange.getResponse().setComplete().then(Mono.never());
                })
            .subscribe();
    request.dispose();

    assertThat(requests("2xx")).isEqualTo(1);
  }

  @Test
  void error_withinTheAnswer_hasTheStatusThatWasSent() {
    filter
        .filter(
            get("/stream"),
            exchange ->
                exchange.getResponse().setComplete().then(Mono.error(new IllegalStateException())))
        .onErrorComplete()
        .block();

    assertThat(requests("2xx")).isEqualTo(1);
  }

  @Test
  void excludedPath_isNotMeasured() {
    filter.filter(get("/actuator/health"), exchange -> Mono.empty()).block();
    filter.filter(get("/actuator"), exchange -> Mono.empty()).block();

    assertThat(Samples.of(registry).value("http_request_duration_highr_seconds_count")).isZero();
  }
}
