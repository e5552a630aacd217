package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.tracer.common.SpanContext;
import io.prometheus.metrics.tracer.initializer.SpanContextSupplier;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;

/** What each property that is true or false does in either state. */
class SwitchesTest {
  /** Of Spring Security's filters, by Boot's default. */
  private static final int SECURITY_ORDER = -100;

  private static final AutoConfigurations OURS =
      AutoConfigurations.of(
          PredictionMetricsAutoConfiguration.class,
          HttpMetricsAutoConfiguration.class,
          ServletMetricsAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner().withConfiguration(OURS);
  private final WebApplicationContextRunner servlets =
      new WebApplicationContextRunner().withConfiguration(OURS);

  @Test
  void nativeHistogram_isShownIfAskedForOnly() {
    runner.run(context -> assertThat(hasNativeHistogram(context)).isFalse());
    runner
        .withPropertyValues("kubeserve.metrics.native-histogram=true")
        .run(context -> assertThat(hasNativeHistogram(context)).isTrue());
  }

  private static boolean hasNativeHistogram(ApplicationContext context) {
    context.getBean(PredictionRecorder.class).run(() -> {});
    return context.getBean(PrometheusRegistry.class).scrape().stream()
        .filter(HistogramSnapshot.class::isInstance)
        .flatMap(family -> ((HistogramSnapshot) family).getDataPoints().stream())
        .anyMatch(HistogramSnapshot.HistogramDataPointSnapshot::hasNativeHistogramData);
  }

  /** A span that counts how often it is an exemplar. */
  private static final class Span implements SpanContext {
    private int marked;

    @Override
    public String getCurrentTraceId() {
      return "trace";
    }

    @Override
    public String getCurrentSpanId() {
      return "span";
    }

    @Override
    public boolean isCurrentSpanSampled() {
      return true;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
      marked++;
    }
  }

  @Test
  void exemplars_areTakenUnlessTurnedOff() {
    assertThat(exemplarsOf(runner)).isEqualTo(1);
    assertThat(exemplarsOf(runner.withPropertyValues("kubeserve.metrics.exemplars=false")))
        .isZero();
  }

  @SuppressWarnings("NullAway") // null is how client_java is told that there is no tracer
  private static int exemplarsOf(ApplicationContextRunner runner) {
    Span span = new Span();
    SpanContext before = SpanContextSupplier.getSpanContext();
    SpanContextSupplier.setSpanContext(span);
    try {
      runner.run(context -> context.getBean(PredictionRecorder.class).run(() -> {}));
    } finally {
      SpanContextSupplier.setSpanContext(before);
    }
    return span.marked;
  }

  @Test
  void inProgress_isShownIfAskedForOnly() {
    servlets.run(context -> assertThat(hasRequestsInProgress(context)).isFalse());
    servlets
        .withPropertyValues("kubeserve.metrics.http.in-progress=true")
        .run(context -> assertThat(hasRequestsInProgress(context)).isTrue());
  }

  private static boolean hasRequestsInProgress(ApplicationContext context) {
    return context.getBean(PrometheusRegistry.class).scrape().stream()
        .anyMatch(family -> family.getMetadata().getName().equals("http_requests_inprogress"));
  }

  /** What Spring Security refuses is counted too. */
  @Test
  void filter_isBeforeSpringSecuritys() {
    servlets.run(
        context ->
            assertThat(context.getBean(FilterRegistrationBean.class).getOrder())
                .isLessThan(SECURITY_ORDER));
  }
}
