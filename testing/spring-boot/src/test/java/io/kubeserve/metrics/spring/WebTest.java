package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.HttpContract;
import io.kubeserve.testing.ParsedScrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Flux;

/** A real application, on MVC and on WebFlux, scraped at Actuator's endpoint or at its own. */
@Tag("client-java")
class WebTest {
  /** What serves. */
  enum Stack {
    MVC(WebApplicationType.SERVLET, MvcStream.class),
    WEBFLUX(WebApplicationType.REACTIVE, WebFluxStream.class);

    private final WebApplicationType type;
    private final Class<?> stream;

    Stack(WebApplicationType type, Class<?> stream) {
      this.type = type;
      this.stream = stream;
    }

    ConfigurableApplicationContext start(String... properties) {
      return start(Application.class, properties);
    }

    ConfigurableApplicationContext start(Class<?> application, String... properties) {
      return new SpringApplicationBuilder(application, stream)
          .web(type)
          .properties(
              "server.port=0",
              "management.endpoints.web.exposure.include=*",
              "spring.reactor.netty.shutdown-quiet-period=0s") // else 2 s at each close
          .properties(properties)
          .run();
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ContractController.class)
  static class Application {}

  /** Durations are 0, and so comparable. */
  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class ClockStandsStill {
    @Bean
    HttpMetrics httpMetrics(PrometheusRegistry registry) {
      return HttpMetrics.builder().registry(registry).ticker(() -> 0).build();
    }
  }

  @RestController
  static class MvcStream {
    @GetMapping("/stream")
    void stream(HttpServletResponse response) throws IOException {
      response.getOutputStream().write(new byte[100]);
      response.flushBuffer();
      response.getOutputStream().write(new byte[100]);
    }
  }

  @RestController
  static class WebFluxStream {
    @GetMapping("/stream")
    Flux<DataBuffer> stream() {
      return Flux.range(0, 2)
          .map(chunk -> DefaultDataBufferFactory.sharedInstance.wrap(new byte[100]));
    }
  }

  private static Http http(ConfigurableApplicationContext context) {
    return new Http(
        "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  @ParameterizedTest
  @EnumSource
  void contractsRequests_countAsInPython(Stack stack) {
    ParsedScrape ours;
    // As in Python, the scrape is at /metrics and counted too.
    try (ConfigurableApplicationContext context =
        stack.start(
            ClockStandsStill.class,
            "management.endpoints.web.base-path=/",
            "management.endpoints.web.path-mapping.prometheus=metrics",
            "management.endpoints.web.path-mapping.metrics=meters",
            "kubeserve.metrics.http.excluded-paths=")) {
      Http http = http(context);
      HttpContract.sendRequests(http.url());
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      await().until(() -> requests(registry) == HttpContract.REQUESTS);
      HttpContract.scrape(http.url() + "/metrics");
      await().until(() -> requests(registry) == HttpContract.REQUESTS + 1);
      ours = ParsedScrape.parse(HttpContract.scrape(http.url() + "/metrics"));
    }

    ParsedScrape python = HttpContract.python();
    // WebFlux answers an exception itself, and so with a length.
    Predicate<ParsedScrape.Sample> differing =
        HttpContract.differing()
            .or(
                sample ->
                    sample.name().equals("http_response_size_bytes_sum")
                        && "/boom".equals(sample.labels().get("handler")));
    ours.blank(differing);
    python.blank(differing);
    python
        .families()
        .forEach((name, family) -> assertThat(ours.families()).containsEntry(name, family));
  }

  private static double requests(PrometheusRegistry registry) {
    return Samples.of(registry).value("http_request_duration_highr_seconds_count");
  }

  @ParameterizedTest
  @EnumSource
  void actuator_isOneRegistry_andNotMeasured(Stack stack) {
    try (ConfigurableApplicationContext context = stack.start()) {
      Http http = http(context);
      context.getBean(PredictionRecorder.class).run(() -> {});
      http.get("/items/1");
      http.get("/actuator/health");
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      await().until(() -> requests(registry) == 1);

      String scrape = http.get("/actuator/prometheus").body();

      assertThat(scrape)
          .contains("predictions_total{status=\"success\"} 1.0")
          .contains("prediction_latency_ms_bucket{le=\"500.0\"} 1")
          .contains(
              "http_requests_total{handler=\"/items/{item_id}\",method=\"GET\",status=\"2xx\"} 1.0")
          .contains("jvm_memory_used_bytes")
          .doesNotContain("handler=\"/actuator");
      assertThat(context.getBeansOfType(PrometheusRegistry.class)).hasSize(1);
      assertThat(http.get("/metrics").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutPrometheusInActuator_scrapeIsAtItsOwnPath(Stack stack) {
    try (ConfigurableApplicationContext context =
        stack.start(
            "management.prometheus.metrics.export.enabled=false",
            "kubeserve.metrics.scrape-path=/scrape")) {
      Http http = http(context);
      context.getBean(PredictionRecorder.class).run(() -> {});
      http.get("/nope");

      String scrape = http.get("/scrape").body();

      assertThat(scrape)
          .contains("predictions_total{status=\"success\"} 1.0")
          .doesNotContain("handler=\"/scrape\"");
    }
  }

  @ParameterizedTest
  @EnumSource
  void routeOfSpringsOwnNotFound_isNone(Stack stack) {
    try (ConfigurableApplicationContext context = stack.start(OnlyActuator.class)) {
      Http http = http(context);
      assertThat(http.get("/nope").statusCode()).isEqualTo(404);
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      await().until(() -> requests(registry) == 1);

      assertThat(http.get("/actuator/prometheus").body())
          .contains("http_requests_total{handler=\"none\",method=\"GET\",status=\"4xx\"} 1.0");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class OnlyActuator {}

  @Test
  void contextPath_isPartOfTheRoute() {
    try (ConfigurableApplicationContext context =
        Stack.MVC.start("server.servlet.context-path=/api")) {
      Http http = http(context);
      http.get("/api/items/1");
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      await().until(() -> requests(registry) == 1);

      assertThat(http.get("/api/actuator/prometheus").body())
          .contains("http_requests_total{handler=\"/api/items/{item_id}\"");
    }
  }

  @Test
  void summary_askedFor_isBelowTheScrapePath_andNotMeasured() {
    try (ConfigurableApplicationContext context =
        Stack.MVC.start(
            "kubeserve.metrics.summary.enabled=true", "kubeserve.metrics.scrape-path=/scrape")) {
      Http http = http(context);
      context.getBean(PredictionRecorder.class).run(() -> {});

      HttpResponse<String> summary = http.get("/scrape/summary");

      assertThat(summary.headers().firstValue("Content-Type")).contains("application/json");
      assertThat(summary.body()).contains("\"predictions\":{\"success\":1,\"error\":0}");
      assertThat(http.get("/actuator/prometheus").body()).doesNotContain("/scrape");
    }
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class Guarded {
    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE + 2)
    WebFilter guard() {
      return (exchange, chain) -> {
        exchange.getResponse().setStatusCode(HttpStatus.UNAUTHORIZED);
        return exchange.getResponse().setComplete();
      };
    }
  }

  @Test
  void requestThatAnotherFilterAnswers_isMeasured() {
    try (ConfigurableApplicationContext context = Stack.WEBFLUX.start(Guarded.class)) {
      assertThat(http(context).get("/items/1").statusCode()).isEqualTo(401);
      await()
          .untilAsserted(
              () ->
                  assertThat(
                          Samples.of(context.getBean(PrometheusRegistry.class))
                              .value(
                                  "http_requests_total",
                                  Map.of("handler", "none", "method", "GET", "status", "4xx")))
                      .isEqualTo(1));
    }
  }

  @ParameterizedTest
  @EnumSource
  void summaryAndLivePage_notAskedFor_areNotThere(Stack stack) {
    try (ConfigurableApplicationContext context = stack.start()) {
      assertThat(http(context).get("/metrics/summary").statusCode()).isEqualTo(404);
      assertThat(http(context).get("/live").statusCode()).isEqualTo(404);
      assertThat(http(context).get("/live/").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void summary_askedFor_isTheModelsAsJson(Stack stack) {
    try (ConfigurableApplicationContext context =
        stack.start(
            "kubeserve.metrics.summary.enabled=true",
            "kubeserve.metrics.model=iris",
            "kubeserve.metrics.version=2")) {
      Http http = http(context);

      assertThat(http.get("/metrics/summary").body()).contains("\"model\":\"iris\"");
      assertThat(http.get("/metrics/summary").headers().firstValue("Content-Type"))
          .contains("application/json");
    }
  }

  @ParameterizedTest
  @EnumSource
  void livePage_askedFor_samplesFromTheStart_linksToActuator_andIsNotMeasured(Stack stack) {
    try (ConfigurableApplicationContext context =
        stack.start(
            "kubeserve.metrics.live.enabled=true",
            "kubeserve.metrics.live.path=/admin/live",
            "kubeserve.metrics.live.grafana=https://grafana.example.org",
            "kubeserve.metrics.live.slow-above=1ms",
            "kubeserve.metrics.model=iris",
            "kubeserve.metrics.version=2")) {
      Http http = http(context);
      assertThat(http.get("/admin/live/").body()).contains("<title>Live metrics</title>");
      assertThat(http.get("/admin/live").headers().firstValue("Location")).contains("live/");
      assertThat(http.get("/admin/live/nothing").statusCode()).isEqualTo(404);
      // The first sample is what the others are compared with.
      await().until(() -> http.get("/admin/live/samples").body().contains("\"model\":\"iris\""));
      context.getBean(PredictionRecorder.class).record(Duration.ofMillis(2), Status.SUCCESS);
      http.get("/items/1");
      await()
          .untilAsserted(
              () ->
                  assertThat(http.get("/admin/live/samples").body())
                      .contains("\"state\":\"slow\"", "\"requests\":{\"2"));
      assertThat(http.get("/admin/live/links").body())
          .contains(
              "\"../../actuator/prometheus\"",
              "\"https://grafana.example.org/d/kubeserve-deployment\"");
      assertThat(http.get("/actuator/prometheus").body()).doesNotContain("handler=\"/admin/live");
    }
  }
}
