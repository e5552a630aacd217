package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;

/** Clients that leave between the moment an answer is made and the moment it is written. */
class WebFluxAnswersTest {
  /** More than the viewers that a live page has, and than scrapes of this size may be unsent. */
  private static final int LEAVING = 20;

  private static final int BYTES = 5_000_000;

  private static final ServerResponse.Context CONTEXT =
      new ServerResponse.Context() {
        private final HandlerStrategies strategies = HandlerStrategies.withDefaults();

        @Override
        public List<HttpMessageWriter<?>> messageWriters() {
          return strategies.messageWriters();
        }

        @Override
        public List<ViewResolver> viewResolvers() {
          return strategies.viewResolvers();
        }
      };

  private final PrometheusRegistry registry = new PrometheusRegistry();

  private static ServerRequest request(MockServerWebExchange exchange) {
    return ServerRequest.create(exchange, HandlerStrategies.withDefaults().messageReaders());
  }

  private static MockServerWebExchange get(String path) {
    return MockServerWebExchange.from(MockServerHttpRequest.method(HttpMethod.GET, path));
  }

  private static HttpStatusCode statusAfterOthersLeft(
      HandlerFunction<ServerResponse> handler, String path) {
    IntStream.range(0, LEAVING).forEach(i -> handler.handle(request(get(path))).block());
    MockServerWebExchange exchange = get(path);
    ServerResponse response = Objects.requireNonNull(handler.handle(request(exchange)).block());
    response.writeTo(exchange, CONTEXT).block();
    return Objects.requireNonNull(exchange.getResponse().getStatusCode());
  }

  @Test
  void livePage_answersThatNobodyWrites_takeNoPlaceOfAViewer() {
    LivePage page =
        LivePage.builder(PredictionMetrics.builder().registry(registry).build()).build();
    RouterFunction<ServerResponse> routes = WebFluxAnswers.livePage(page, "/live");

    assertThat(
            statusAfterOthersLeft(
                request -> routes.route(request).flatMap(handler -> handler.handle(request)),
                "/live/page.js"))
        .isEqualTo(HttpStatus.OK);
  }

  @Test
  void scrape_answersThatNobodyWrites_areNotUnsent() {
    registry.register(
        (Collector)
            () ->
                GaugeSnapshot.builder()
                    .name("large")
                    .dataPoint(
                        GaugeSnapshot.GaugeDataPointSnapshot.builder()
                            .value(1)
                            .labels(Labels.of("text", "x".repeat(BYTES)))
                            .build())
                    .build());

    assertThat(statusAfterOthersLeft(new WebFluxScrape(registry), "/metrics"))
        .isEqualTo(HttpStatus.OK);
  }
}
