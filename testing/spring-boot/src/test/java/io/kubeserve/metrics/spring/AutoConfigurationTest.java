package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import io.kubeserve.metrics.servlet.LivePageServlet;
import io.kubeserve.metrics.servlet.MetricsServlet;
import io.kubeserve.metrics.servlet.SummaryServlet;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.tracer.common.SpanContext;
import jakarta.servlet.Servlet;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which beans there are, with what on the class path and with which properties. */
@Tag("client-java")
class AutoConfigurationTest {
  private static final AutoConfigurations OURS =
      AutoConfigurations.of(
          PredictionMetricsAutoConfiguration.class,
          HttpMetricsAutoConfiguration.class,
          ServletMetricsAutoConfiguration.class,
          WebFluxMetricsAutoConfiguration.class,
          TimedPredictionAutoConfiguration.class,
          LivePageAutoConfiguration.class,
          HealthAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withConfiguration(OURS);
  private final WebApplicationContextRunner servlets =
      new WebApplicationContextRunner().withConfiguration(OURS);
  private final ReactiveWebApplicationContextRunner webFlux =
      new ReactiveWebApplicationContextRunner().withConfiguration(OURS);

  @Test
  void versions_areThoseOfTheModule() {
    assertThat(SpringBootVersion.getVersion()).isEqualTo(System.getProperty("spring-boot.version"));
    assertThat(
            PrometheusRegistry.class.getProtectionDomain().getCodeSource().getLocation().getPath())
        .contains(System.getProperty("client_java.version"));
  }

  @Test
  void noWeb_hasARecorderInARegistryOfItsOwn() {
    runner.run(
        context -> {
          assertThat(context).hasSingleBean(PrometheusRegistry.class);
          assertThat(context).doesNotHaveBean(HttpMetrics.class);
          context.getBean(PredictionRecorder.class).run(() -> {});

          Samples samples = Samples.of(context.getBean(PrometheusRegistry.class));
          assertThat(samples.value("predictions_total", Map.of("status", "success"))).isEqualTo(1);
          assertThat(samples.value("predictions_total", Map.of("status", "error"))).isZero();
        });
  }

  @Test
  void actuatorAndPrometheusAbsent_servletHasFilterAndScrape() {
    servlets
        .withClassLoader(
            new FilteredClassLoader(
                PrometheusMeterRegistry.class.getPackageName(), "org.springframework.boot.actuate"))
        .run(
            context -> {
              assertThat(context).hasSingleBean(PrometheusRegistry.class);
              assertThat(context).hasSingleBean(FilterRegistrationBean.class);
              assertThat(context.getBean(ServletRegistrationBean.class).getUrlMappings().toString())
                  .isEqualTo("[/metrics]");
            });
  }

  @Test
  void servletApiAbsent_contextStarts() {
    runner
        .withClassLoader(new FilteredClassLoader(Servlet.class, FilterRegistrationBean.class))
        .run(context -> assertThat(context).hasSingleBean(PredictionRecorder.class));
  }

  @Test
  void reactorAbsent_contextStarts() {
    servlets
        .withClassLoader(new FilteredClassLoader("reactor", "org.springframework.web.reactive"))
        .run(context -> assertThat(context).hasSingleBean(FilterRegistrationBean.class));
  }

  @Test
  void webFlux_hasWebFilterAndScrape() {
    webFlux.run(
        context -> {
          assertThat(context).hasSingleBean(HttpMetricsWebFilter.class);
          assertThat(context).hasBean("kubeserveScrape");
          assertThat(context).doesNotHaveBean(FilterRegistrationBean.class);
        });
  }

  @Test
  void summary_isOfServletsAlone_belowTheScrape() {
    servlets
        .withPropertyValues(
            "kubeserve.metrics.summary.enabled=true", "kubeserve.metrics.scrape-path=/")
        .run(
            context ->
                assertThat(
                        context
                            .getBean("summaryServlet", ServletRegistrationBean.class)
                            .getUrlMappings()
                            .toString())
                    .isEqualTo("[/summary]"));
    webFlux
        .withPropertyValues("kubeserve.metrics.summary.enabled=true")
        .run(context -> assertThat(context).doesNotHaveBean("summaryServlet"));
  }

  @Test
  void livePage_isOfServletsAlone() {
    servlets
        .withPropertyValues(
            "kubeserve.metrics.live.enabled=true", "kubeserve.metrics.live.slow-above=2s")
        .run(
            context ->
                assertThat(
                        context
                            .getBean("livePageServlet", ServletRegistrationBean.class)
                            .getUrlMappings()
                            .toString())
                    .isEqualTo("[/live/*]"));
    webFlux
        .withPropertyValues("kubeserve.metrics.live.enabled=true")
        .run(context -> assertThat(context).doesNotHaveBean("livePageServlet"));
  }

  @Test
  void disabled_hasNothing() {
    servlets
        .withPropertyValues("kubeserve.metrics.enabled=false")
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(PredictionRecorder.class);
              assertThat(context).doesNotHaveBean(HttpMetrics.class);
              assertThat(context).doesNotHaveBean(ServletRegistrationBean.class);
            });
  }

  @Test
  void httpDisabled_hasPredictionsAndScrapeAlone() {
    servlets
        .withPropertyValues("kubeserve.metrics.http.enabled=false")
        .run(
            context -> {
              assertThat(context).hasSingleBean(PredictionRecorder.class);
              assertThat(context).doesNotHaveBean(FilterRegistrationBean.class);
              assertThat(context).hasSingleBean(ServletRegistrationBean.class);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnBeans {
    @Bean
    PrometheusRegistry ownRegistry() {
      return new PrometheusRegistry();
    }

    @Bean
    PredictionMetrics ownMetrics(PrometheusRegistry registry) {
      return PredictionMetrics.builder().registry(registry).build();
    }

    @Bean
    PredictionRecorder ownRecorder() {
      return PredictionRecorder.noop();
    }

    @Bean
    HttpMetrics ownHttpMetrics(PrometheusRegistry registry) {
      return HttpMetrics.builder().registry(registry).build();
    }

    @Bean
    HttpMetricsFilter ownFilter(HttpMetrics metrics) {
      return new HttpMetricsFilter(metrics);
    }
  }

  @Test
  void ownBeans_takeTheirPlace() {
    servlets
        .withUserConfiguration(OwnBeans.class)
        .run(
            context -> {
              assertThat(context.getBeanNamesForType(PrometheusRegistry.class))
                  .containsExactly("ownRegistry");
              assertThat(context.getBeanNamesForType(PredictionMetrics.class))
                  .containsExactly("ownMetrics");
              assertThat(context.getBeanNamesForType(PredictionRecorder.class))
                  .containsExactly("ownRecorder");
              assertThat(context.getBeanNamesForType(HttpMetrics.class))
                  .containsExactly("ownHttpMetrics");
              assertThat(context).doesNotHaveBean(FilterRegistrationBean.class);
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnRegistrations {
    @Bean
    FilterRegistrationBean<HttpMetricsFilter> ownFilter(HttpMetrics metrics) {
      return new FilterRegistrationBean<>(new HttpMetricsFilter(metrics));
    }

    @Bean
    ServletRegistrationBean<MetricsServlet> ownScrape(PrometheusRegistry registry) {
      return new ServletRegistrationBean<>(new MetricsServlet(registry), "/own");
    }

    @Bean
    ServletRegistrationBean<SummaryServlet> ownSummary(PredictionMetrics metrics) {
      return new ServletRegistrationBean<>(
          new SummaryServlet(new SummaryJson(metrics)), "/own-summary");
    }

    @Bean
    ServletRegistrationBean<LivePageServlet> ownPage(PredictionMetrics metrics) {
      return new ServletRegistrationBean<>(
          new LivePageServlet(LivePage.builder(metrics).build()), "/own-page/*");
    }
  }

  @Test
  void ownRegistrations_takeTheirPlace() {
    servlets
        .withUserConfiguration(OwnRegistrations.class)
        .withPropertyValues(
            "kubeserve.metrics.summary.enabled=true", "kubeserve.metrics.live.enabled=true")
        .run(
            context -> {
              assertThat(context.getBeanNamesForType(FilterRegistrationBean.class))
                  .containsExactly("ownFilter");
              assertThat(context.getBeanNamesForType(ServletRegistrationBean.class))
                  .containsExactlyInAnyOrder("ownScrape", "ownSummary", "ownPage");
            });
  }

  /** As of Boot's bean for the tracer of the application, such as Brave's. */
  static final class Span implements SpanContext {
    @Override
    public String getCurrentTraceId() {
      return "4bf92f3577b34da6a3ce929d0e0e4736";
    }

    @Override
    public String getCurrentSpanId() {
      return "00f067aa0ba902b7";
    }

    @Override
    public boolean isCurrentSpanSampled() {
      return true;
    }

    @Override
    public void markCurrentSpanAsExemplar() {}
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void spanContext_givesExemplars_unlessTheyAreOff(boolean exemplars) {
    runner
        .withBean(SpanContext.class, Span::new)
        .withPropertyValues("kubeserve.metrics.exemplars=" + exemplars)
        .run(
            context -> {
              context.getBean(PredictionRecorder.class).run(() -> {});

              boolean has =
                  context.getBean(PrometheusRegistry.class).scrape().stream()
                      .filter(CounterSnapshot.class::isInstance)
                      .flatMap(counter -> ((CounterSnapshot) counter).getDataPoints().stream())
                      .anyMatch(point -> point.getExemplar() != null);
              assertThat(has).isEqualTo(exemplars);
            });
  }

  @Test
  void properties_areApplied() {
    runner
        .withPropertyValues(
            "kubeserve.metrics.model=fraud",
            "kubeserve.metrics.version=3",
            "kubeserve.metrics.buckets=1,2,5",
            "kubeserve.metrics.labels.region=eu",
            "kubeserve.metrics.quantiles=0.5,0.99",
            "kubeserve.metrics.window=30s",
            "kubeserve.metrics.max-models=7",
            "kubeserve.metrics.native-histogram=true",
            "kubeserve.metrics.exemplars=false")
        .run(
            context -> {
              context
                  .getBean(PredictionRecorder.class)
                  .record(Duration.ofNanos(1_500_000), Status.SUCCESS);

              Samples samples = Samples.of(context.getBean(PrometheusRegistry.class));
              assertThat(
                      samples.value(
                          "prediction_latency_ms_bucket",
                          Map.of("le", "2.0", "model", "fraud", "version", "3", "region", "eu")))
                  .isEqualTo(1);
              assertThat(
                      samples.value(
                          "prediction_latency_quantile_ms",
                          Map.of(
                              "quantile",
                              "0.99",
                              "model",
                              "fraud",
                              "version",
                              "3",
                              "region",
                              "eu")))
                  .isPositive();
            });
  }

  @Test
  void customizer_hasTheLastWord() {
    runner
        .withPropertyValues("kubeserve.metrics.buckets=1,2,5")
        .withBean(PredictionMetricsCustomizer.class, () -> builder -> builder.bucketsMillis(7))
        .run(
            context -> {
              context.getBean(PredictionRecorder.class).run(() -> {});
              assertThat(
                      Samples.of(context.getBean(PrometheusRegistry.class))
                          .value("prediction_latency_ms_bucket", Map.of("le", "7.0")))
                  .isEqualTo(1);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kubeserve.metrics.live.path=live | kubeserve.metrics.live.path | live",
        "kubeserve.metrics.live.path=/live/ | kubeserve.metrics.live.path | /live/",
        "kubeserve.metrics.live.slow-above=0s | kubeserve.metrics.live.slow-above | PT0S",
        "kubeserve.metrics.live.grafana=grafana | kubeserve.metrics.live.grafana | grafana",
        "kubeserve.metrics.buckets=50,10 | kubeserve.metrics.buckets | [50.0, 10.0]",
        "kubeserve.metrics.labels.pod=x | kubeserve.metrics.labels.pod | x",
        "kubeserve.metrics.max-models=0 | kubeserve.metrics.max-models | 0",
        "kubeserve.metrics.quantiles=99 | kubeserve.metrics.quantiles | [99.0]",
        "kubeserve.metrics.window=0s | kubeserve.metrics.window | PT0S",
        "kubeserve.metrics.model=fraud | kubeserve.metrics.version | ''",
        "kubeserve.metrics.http.max-handlers=0 | kubeserve.metrics.http.max-handlers | 0",
        "kubeserve.metrics.http.excluded-paths=internal | kubeserve.metrics.http.excluded-paths | [internal]",
      })
  void wrongProperty_isAnalysed(String property, String name, String value) {
    servlets
        .withPropertyValues(property, "kubeserve.metrics.live.enabled=true")
        .run(
            context -> {
              assertThat(context).hasFailed();
              FailureAnalysis analysis = analysis(context.getStartupFailure());
              assertThat(analysis.getDescription())
                  .contains(
                      "The property %s has the value \"%s\", which is refused: "
                          .formatted(name, value));
              assertThat(analysis.getAction()).contains("Change the property " + name);
            });
  }

  private static FailureAnalysis analysis(@Nullable Throwable failure) {
    return Objects.requireNonNull(
        new InvalidPropertyFailureAnalyzer().analyze(Objects.requireNonNull(failure)));
  }
}
