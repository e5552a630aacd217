package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

/** What the user sees whose application does not start. */
@ExtendWith(OutputCaptureExtension.class)
class FailureAnalysisTest {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {}

  @Test
  void start_withBoundsOutOfOrder_saysWhatToChange(CapturedOutput output) {
    SpringApplicationBuilder application =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.NONE)
            .properties("kubeserve.metrics.buckets=50,10");

    assertThatThrownBy(application::run).hasRootCauseInstanceOf(IllegalArgumentException.class);

    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The property kubeserve.metrics.buckets has the value \"[50.0, 10.0]\"")
        .contains("Change the property kubeserve.metrics.buckets, or remove it");
  }

  @ParameterizedTest
  @CsvSource({
    "MVC, metrics",
    "MVC, ''",
    "MVC, /m*",
    "WEBFLUX, metrics",
    "WEBFLUX, ''",
    "WEBFLUX, /m*"
  })
  void start_withAScrapePathThatIsNone_saysWhatToChange(
      WebTest.Stack stack, String path, CapturedOutput output) {
    assertThatThrownBy(
            () ->
                stack.start(
                    WebTest.Application.class,
                    "management.prometheus.metrics.export.enabled=false",
                    "kubeserve.metrics.scrape-path=" + path))
        .hasRootCauseInstanceOf(IllegalArgumentException.class);

    assertThat(output)
        .contains("The property kubeserve.metrics.scrape-path has the value \"" + path + "\"");
  }
}
