package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The ends of a request that a real client brings about too seldom. */
class HttpMetricsWebFilterTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final HttpMetricsWebFilter filter =
      new HttpMetricsWebFilter(
          HttpMetrics.builder().registry(registry).build(), null, "", List.of("/actuator/*"));

  private static MockServerWebExchange get(String path) {
    return MockServerWebExchange.from(MockServerHttpRequest.get(path));
  }

  private static MockServerWebExchange upload(Flux<DataBuffer> body) {
    return MockServerWebExchange.from(
        MockServerHttpRequest.post("/upload").contentLength(32).body(body));
  }

  private double requests(String status) {
    return requests("GET", status);
  }

  private double requests(String method, String status) {
    return Samples.of(registry)
        .value(
            "http_requests_total", Map.of("handler", "none", "method", method, "status", status));
  }

  private static Mono<Void> read(ServerWebExchange exchange) {
    return exchange.getRequest().getBody().then();
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
  void cancelled_whileTheBodyIsRead_isTheClientsFault() {
    filter.filter(upload(Flux.never()), exchange -> read(exchange)).subscribe().dispose();

    assertThat(requests("POST", "4xx")).isEqualTo(1);
  }

  @Test
  void cancelled_afterTheBodyWasRead_isAnErrorOfTheServer() {
    filter
        .filter(upload(Flux.empty()), exchange -> read(exchange).then(Mono.never()))
        .subscribe()
        .dispose();

    assertThat(requests("POST", "5xx")).isEqualTo(1);
  }

  @Test
  void cancelled_thoughNobodyReadsTheBody_isAnErrorOfTheServer() {
    filter.filter(upload(Flux.never()), exchange -> Mono.never()).subscribe().dispose();

    assertThat(requests("POST", "5xx")).isEqualTo(1);
  }

  @Test
  void bodyThatBreaks_isTheClientsFault_whateverTheHandlerMakesOfIt() {
    Flux<DataBuffer> broken = Flux.error(new IOException("reset"));
    filter.filter(upload(broken), exchange -> read(exchange)).onErrorComplete().block();
    filter
        .filter(
            upload(broken),
            exchange -> {
              exchange.getResponse().setStatusCode(HttpStatus.SERVICE_UNAVAILABLE);
              return read(exchange).onErrorComplete();
            })
        .block();

    assertThat(requests("POST", "4xx")).isEqualTo(2);
  }

  @Test
  void excludedPath_isNotMeasured() {
    filter.filter(get("/actuator/health"), exchange -> Mono.empty()).block();
    filter.filter(get("/actuator"), exchange -> Mono.empty()).block();

    assertThat(Samples.of(registry).value("http_request_duration_highr_seconds_count")).isZero();
  }

  @Test
  void cancelled_afterTheServerHadReadEnough_isAnErrorOfTheServer() {
    DataBuffer first = DefaultDataBufferFactory.sharedInstance.wrap(new byte[1]);
    filter
        .filter(
            upload(Flux.just(first).concatWith(Flux.never())),
            exchange -> exchange.getRequest().getBody().next().then(Mono.never()))
        .subscribe()
        .dispose();

    assertThat(requests("POST", "5xx")).isEqualTo(1);
  }
}
