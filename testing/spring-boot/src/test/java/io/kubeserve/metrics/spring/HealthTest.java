package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.testing.Http;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/** The models' readiness in Actuator, on MVC and on WebFlux. */
@Tag("client-java")
class HealthTest {
  private static final String BEAN = "modelsHealthIndicator";
  private static final String[] PROPERTIES = {
    "management.endpoint.health.show-components=always",
    "management.endpoint.health.show-details=always",
    "management.endpoint.health.probes.enabled=true",
    "management.endpoint.health.group.readiness.include=readinessState,models"
  };

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  PredictionMetricsAutoConfiguration.class, HealthAutoConfiguration.class));

  private static Http http(ConfigurableApplicationContext context) {
    return new Http(
        "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
  }

  private static void failToLoad(PredictionRecorder recorder) {
    assertThatThrownBy(
            () ->
                recorder
                    .model()
                    .load(
                        () -> {
                          throw new IllegalStateException("no model");
                        }))
        .hasMessage("no model");
  }

  @ParameterizedTest
  @EnumSource
  void readiness_followsTheModels(WebTest.Stack stack) {
    try (ConfigurableApplicationContext context = stack.start(PROPERTIES)) {
      Http http = http(context);
      PredictionMetrics metrics = context.getBean(PredictionMetrics.class);
      PredictionRecorder iris = metrics.recorder("iris", "3");
      metrics.recorder("fraud", "1").model().load(() -> "model");
      assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(200);

      failToLoad(iris);
      HttpResponse<String> notReady = http.get("/actuator/health/readiness");
      assertThat(notReady.statusCode()).isEqualTo(503);
      assertThat(notReady.body())
          .contains("\"models\":{")
          .contains("\"status\":\"OUT_OF_SERVICE\"")
          .contains("\"details\":{\"ready\":{\"fraud 1\":true,\"iris 3\":false}}");
      assertThat(http.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

      iris.model().load(() -> "model");
      HttpResponse<String> ready = http.get("/actuator/health/readiness");
      assertThat(ready.statusCode()).isEqualTo(200);
      assertThat(ready.body()).contains("\"models\":{\"status\":\"UP\"}");
    }
  }

  @Test
  void readiness_whileAModelIsLoaded_isOutOfService() {
    try (ConfigurableApplicationContext context = WebTest.Stack.MVC.start(PROPERTIES)) {
      Http http = http(context);
      int whileLoading =
          context
              .getBean(PredictionRecorder.class)
              .model()
              .load(() -> http.get("/actuator/health/readiness"))
              .statusCode();

      assertThat(whileLoading).isEqualTo(503);
      assertThat(http.get("/actuator/health/readiness").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void actuatorPresent_hasTheIndicator() {
    runner.run(context -> assertThat(context).hasBean(BEAN));
  }

  @Test
  void actuatorAbsent_contextStartsWithoutIt() {
    runner
        .withClassLoader(
            new FilteredClassLoader(
                "org.springframework.boot.actuate.health", "org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context).hasSingleBean(PredictionRecorder.class);
              assertThat(context).doesNotHaveBean(BEAN);
            });
  }

  @Test
  void switchedOff_isNotThere() {
    runner
        .withPropertyValues("kubeserve.metrics.health.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(BEAN));
    runner
        .withPropertyValues("kubeserve.metrics.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(BEAN));
  }

  @Test
  void ownIndicator_takesItsPlace() {
    runner
        .withBean(BEAN, String.class, () -> "own")
        .run(context -> assertThat(context.getBean(BEAN)).isEqualTo("own"));
  }
}
