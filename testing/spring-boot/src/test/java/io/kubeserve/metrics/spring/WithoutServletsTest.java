package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/**
 * An application on WebFlux and Netty whose class path has no servlets, as most of them have it.
 */
class WithoutServletsTest {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  @ParameterizedTest
  @ValueSource(strings = {"*", "health"})
  void everything_isOn_answers(String exposed) {
    assertThat(ClassUtils.isPresent("jakarta.servlet.Servlet", null)).isFalse();
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.REACTIVE)
            .properties(
                "server.port=0",
                "management.endpoints.web.exposure.include=" + exposed,
                "kubeserve.metrics.live.enabled=true",
                "kubeserve.metrics.summary.enabled=true",
                "spring.mvc.servlet.path=/ignored",
                "spring.reactor.netty.shutdown-quiet-period=0s")
            .run()) {
      Http http =
          new Http("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));

      assertThat(http.get("/live/").statusCode()).isEqualTo(200);
      String scrape = exposed.equals("*") ? "/actuator/prometheus" : "/metrics";
      assertThat(http.get("/live/links").body()).contains("\"..%s\"".formatted(scrape));
      assertThat(http.get(scrape).body()).contains("predictions_total{status=\"success\"} 0");
      assertThat(http.get("/metrics/summary").statusCode()).isEqualTo(200);
    }
  }
}
