package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Actuator is not measured, wherever it is, and all else is. */
class ActuatorPathsTest {
  private static final String BASE_PATH = "management.endpoints.web.base-path=";
  private static final String PROBES = "management.endpoint.health.probes.enabled=true";

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ContractController.class)
  static class Application {}

  private static Http http(ConfigurableApplicationContext context, String port) {
    return new Http(
        "http://127.0.0.1:"
            + context.getEnvironment().getProperty("local.%s.port".formatted(port)));
  }

  private static void measuresItemsAlone(
      WebTest.Stack stack, String prefix, String health, String... properties) {
    try (ConfigurableApplicationContext context = stack.start(Application.class, properties)) {
      assertThat(http(context, "management").get(health).statusCode()).isEqualTo(200);
      assertThat(http(context, "server").get(prefix + "/items/1").statusCode()).isEqualTo(200);
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      // As many as there are: the one that is measured was sent last.
      await()
          .until(
              () ->
                  Samples.of(registry)
                          .value(
                              "http_requests_total",
                              Map.of(
                                  "handler",
                                  prefix + "/items/{item_id}",
                                  "method",
                                  "GET",
                                  "status",
                                  "2xx"))
                      == 1);
      assertThat(Samples.of(registry).value("http_request_duration_highr_seconds_count"))
          .isEqualTo(1);
    }
  }

  static Stream<Arguments> everyStack() {
    return Stream.of(WebTest.Stack.values())
        .flatMap(
            stack ->
                Stream.of(
                        Arguments.of("", "/health"),
                        Arguments.of("/", "/health"),
                        Arguments.of("/", "/health/liveness"),
                        Arguments.of("/manage/", "/manage/health"),
                        Arguments.of("/manage", "/manage"))
                    .map(arguments -> Arguments.of(stack, arguments.get()[0], arguments.get()[1])));
  }

  @ParameterizedTest
  @MethodSource("everyStack")
  void basePath_asBootReadsIt(WebTest.Stack stack, String basePath, String health) {
    measuresItemsAlone(stack, "", health, PROBES, BASE_PATH + basePath);
  }

  @ParameterizedTest
  @MethodSource("stacksAndBasePaths")
  void portOfItsOwn_isNotMeasured_andAllOfTheOtherIs(WebTest.Stack stack, String basePath) {
    measuresItemsAlone(
        stack,
        "",
        "/ops" + (basePath.equals("/") ? "" : basePath) + "/health",
        "management.server.port=0",
        "management.server.base-path=/ops",
        // Boot 4 has a bean for Netty and one for Tomcat, with one name, where both are there.
        "spring.main.allow-bean-definition-overriding=true",
        BASE_PATH + basePath);
  }

  static Stream<Arguments> stacksAndBasePaths() {
    return Stream.of(WebTest.Stack.values())
        .flatMap(stack -> Stream.of("/", "/actuator").map(path -> Arguments.of(stack, path)));
  }

  @Test
  void portOfItsOwn_leavesThePathsToTheApplication() {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.MVC.start(
            Application.class, "management.server.port=0", BASE_PATH + "/items")) {
      http(context, "server").get("/items/1");
      PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
      await()
          .until(
              () -> Samples.of(registry).value("http_request_duration_highr_seconds_count") == 1);
    }
  }

  @ParameterizedTest
  @EnumSource(WebTest.Stack.class)
  void healthOnTheServersPort_isNotMeasured(WebTest.Stack stack) {
    measuresItemsAlone(
        stack,
        "",
        "/readyz",
        PROBES,
        "management.endpoint.health.probes.add-additional-paths=true");
    measuresItemsAlone(
        stack,
        "",
        "/healthy",
        "management.endpoint.health.group.other.include=ping",
        "management.endpoint.health.group.mine.include=ping",
        "management.endpoint.health.group.mine.additional-path=server:/healthy");
  }

  @Test
  void pathOfTheDispatcher_isInFrontOfActuators() {
    measuresItemsAlone(
        WebTest.Stack.MVC, "/api", "/api/actuator/health", "spring.mvc.servlet.path=/api");
    measuresItemsAlone(
        WebTest.Stack.MVC, "/api", "/api/health", "spring.mvc.servlet.path=/api/", BASE_PATH + "/");
  }

  static Stream<Arguments> links() {
    return Stream.of(
        Arguments.of("../prometheus", new String[] {BASE_PATH + ""}),
        Arguments.of("../manage/prometheus", new String[] {BASE_PATH + "/manage/"}),
        Arguments.of(
            "../scrape",
            new String[] {
              BASE_PATH + "/", "management.endpoints.web.path-mapping.prometheus=scrape"
            }),
        Arguments.of("../api/actuator/prometheus", new String[] {"spring.mvc.servlet.path=/api"}));
  }

  @ParameterizedTest
  @MethodSource("links")
  void linkOfTheLivePage_leadsToTheScrape(String link, String... properties) {
    String[] all =
        Stream.concat(Stream.of(properties), Stream.of("kubeserve.metrics.live.enabled=true"))
            .toArray(String[]::new);
    try (ConfigurableApplicationContext context = WebTest.Stack.MVC.start(Application.class, all)) {
      Http http = http(context, "server");
      assertThat(http.get("/live/links").body()).contains("\"Metrics\":\"" + link + '"');
      assertThat(http.get(URI.create("/live/").resolve(link).toString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void linkOfTheLivePage_isLeftOut_whereTheScrapeHasAPortOfItsOwn() {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.MVC.start(
            Application.class, "management.server.port=0", "kubeserve.metrics.live.enabled=true")) {
      assertThat(http(context, "server").get("/live/links").body())
          .contains("Documentation")
          .doesNotContain("\"Metrics\"");
    }
  }
}
