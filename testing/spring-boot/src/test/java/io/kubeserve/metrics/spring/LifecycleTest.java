package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.Pushgateway;
import io.kubeserve.testing.RequiresProgram;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;

/** Whoever reads the registry last finds the last count, and the next context finds room. */
@Tag("client-java")
class LifecycleTest {
  private final PrometheusRegistry shared = new PrometheusRegistry();

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(ContractController.class)
  static class Application {}

  /** Metrics that the application builds itself, as the guide lets it. */
  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class OwnMetrics {
    @Bean
    PredictionMetrics ownMetrics(PrometheusRegistry registry) {
      return PredictionMetrics.builder().registry(registry).build();
    }

    @Bean
    PredictionRecorder iris(PredictionMetrics ownMetrics) {
      return ownMetrics.recorder();
    }

    @Bean
    HttpMetrics ownHttpMetrics(PrometheusRegistry registry) {
      return HttpMetrics.builder().registry(registry).build();
    }
  }

  /** Reads the registry as it is destroyed, whenever it was made. */
  static class LastReader implements DisposableBean {
    private final PrometheusRegistry registry;
    private double predictions;
    private double requests;

    LastReader(PrometheusRegistry registry) {
      this.registry = registry;
    }

    @Override
    public void destroy() {
      predictions = Samples.of(registry).value("predictions_total");
      requests = Samples.of(registry).value("http_request_duration_highr_seconds_count");
    }
  }

  private ConfigurableApplicationContext start(
      PrometheusRegistry registry, Class<?> application, String... properties) {
    return new SpringApplicationBuilder(application)
        .web(WebApplicationType.SERVLET)
        .properties("server.port=0", "management.prometheus.metrics.export.enabled=false")
        .properties(properties)
        .initializers(context -> context.getBeanFactory().registerSingleton("registry", registry))
        .run();
  }

  private static void predictAndRequest(ConfigurableApplicationContext context, int times) {
    PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
    double before = Samples.of(registry).value("http_request_duration_highr_seconds_count");
    Http http =
        new Http("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    for (int i = 0; i < times; i++) {
      context.getBean(PredictionRecorder.class).run(() -> {});
      http.get("/items/1");
    }
    await()
        .until(
            () ->
                Samples.of(registry).value("http_request_duration_highr_seconds_count")
                    == before + times);
  }

  @ParameterizedTest
  @ValueSource(classes = {Application.class, OwnMetrics.class})
  void beanThatReadsAsItIsDestroyed_findsTheLastCount(Class<?> application) {
    LastReader reader;
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(application)
            .web(WebApplicationType.SERVLET)
            .properties("server.port=0")
            .initializers(
                started ->
                    ((org.springframework.context.support.GenericApplicationContext) started)
                        .registerBean(
                            LastReader.class,
                            () -> new LastReader(started.getBean(PrometheusRegistry.class))))
            .run()) {
      reader = context.getBean(LastReader.class);
      predictAndRequest(context, 3);
    }

    assertThat(reader.predictions).isEqualTo(3);
    assertThat(reader.requests).isEqualTo(3);
  }

  @Test
  void readerAfterTheContext_findsTheLastCount() {
    PrometheusRegistry registry;
    try (ConfigurableApplicationContext context = start(shared, Application.class)) {
      predictAndRequest(context, 3);
      registry = context.getBean(PrometheusRegistry.class);
    }

    assertThat(Samples.of(registry).value("predictions_total")).isEqualTo(3);
    assertThat(Samples.of(registry).value("http_request_duration_highr_seconds_count"))
        .isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(classes = {Application.class, OwnMetrics.class})
  void nextContextOnTheRegistry_startsAtZero(Class<?> next) {
    for (Class<?> application : List.of(Application.class, next, Application.class)) {
      try (ConfigurableApplicationContext context = start(shared, application)) {
        assertThat(Samples.of(shared).value("predictions_total")).isZero();
        predictAndRequest(context, 1);
        assertThat(Samples.of(shared).value("predictions_total")).isEqualTo(1);
      }
    }
  }

  @Test
  void contextsAtATime_onOneRegistry_shareTheMetrics() {
    try (ConfigurableApplicationContext one = start(shared, Application.class)) {
      try (ConfigurableApplicationContext two = start(shared, Application.class)) {
        predictAndRequest(one, 1);
        predictAndRequest(two, 1);
      }
      predictAndRequest(one, 1);
      try (ConfigurableApplicationContext three = start(shared, Application.class)) {
        predictAndRequest(three, 1);
      }

      assertThat(Samples.of(shared).value("predictions_total")).isEqualTo(4);
    }
  }

  @Test
  void contextsAtATime_besideACollectorThatThrows_shareTheMetrics() {
    MultiCollector broken =
        () -> {
          throw new IllegalStateException("broken");
        };
    try (ConfigurableApplicationContext one = start(shared, Application.class)) {
      shared.register(broken);
      try (ConfigurableApplicationContext two = start(shared, Application.class)) {
        shared.unregister(broken);
        predictAndRequest(one, 1);
        predictAndRequest(two, 1);
      }

      assertThat(Samples.of(shared).value("predictions_total")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @CsvSource({"http.exact-status=true, HttpMetrics", "max-models=3, PredictionMetrics"})
  void contextsAtATime_withOtherOptions_doNotBothStart(String property, String metrics) {
    try (ConfigurableApplicationContext one = start(shared, Application.class)) {
      assertThatThrownBy(() -> start(shared, Application.class, "kubeserve.metrics." + property))
          .hasStackTraceContaining(
              "Another application context has " + metrics + " in the same registry");
      predictAndRequest(one, 1);
    }
  }

  @Test
  void registryThatWasCleared_isFilledByTheNextContext() {
    assumeTrue(
        ClassUtils.hasMethod(PrometheusRegistry.class, "clear"),
        "client_java clears registries from 1.3 on");
    try (ConfigurableApplicationContext one = start(shared, Application.class)) {
      ReflectionTestUtils.invokeMethod(shared, "clear");
      assertThat(one.isActive()).isTrue();
      try (ConfigurableApplicationContext two = start(shared, Application.class)) {
        predictAndRequest(two, 1);
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OnlyRegistry {
    @Bean
    PrometheusRegistry registry() {
      return new PrometheusRegistry();
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {Application.class, OnlyRegistry.class})
  void siblingsOfOneParent_bothStart_andCountTogether(Class<?> parent) {
    try (ConfigurableApplicationContext root =
            new SpringApplicationBuilder(parent).web(WebApplicationType.NONE).run();
        ConfigurableApplicationContext one = child(root);
        ConfigurableApplicationContext two = child(root)) {
      predictAndRequest(one, 1);
      predictAndRequest(two, 2);

      assertThat(
              Samples.of(root.getBean(PrometheusRegistry.class))
                  .value("http_request_duration_highr_seconds_count"))
          .isEqualTo(3);
    }
  }

  private static ConfigurableApplicationContext child(ConfigurableApplicationContext root) {
    return new SpringApplicationBuilder(Application.class)
        .parent(root)
        .web(WebApplicationType.SERVLET)
        .properties(
            "server.port=0",
            // Micrometer's meters of two contexts clash in one registry, without us as well.
            "management.prometheus.metrics.export.enabled=false")
        .run();
  }

  @Test
  @RequiresProgram("prometheus-pushgateway")
  void lastPushToAPushgateway_hasTheLastCount() throws Exception {
    assumeTrue(
        ClassUtils.isPresent("io.prometheus.metrics.exporter.pushgateway.PushGateway", null),
        "Boot pushes what client_java has from 3.5 on, with the exporter of its BOM");
    String push = "management.prometheus.metrics.export.pushgateway.";
    try (Pushgateway gateway = Pushgateway.start()) {
      try (ConfigurableApplicationContext context =
          new SpringApplicationBuilder(Application.class)
              .web(WebApplicationType.SERVLET)
              .properties(
                  "server.port=0",
                  push + "enabled=true",
                  push + "address=" + gateway.address(),
                  push + "job=batch",
                  push + "push-rate=1h",
                  push + "shutdown-operation=post")
              .run()) {
        predictAndRequest(context, 3);
      }

      assertThat(gateway.http().get("/metrics").body())
          .contains("predictions_total{instance=\"\",job=\"batch\",status=\"success\"} 3")
          .contains("http_request_duration_highr_seconds_count{instance=\"\",job=\"batch\"} 3");
    }
  }
}
