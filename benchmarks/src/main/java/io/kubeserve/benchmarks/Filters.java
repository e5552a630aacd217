package io.kubeserve.benchmarks;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.metrics.servlet.InstrumentedFilter;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.springframework.web.filter.ServerHttpObservationFilter;

/** The filters that are compared, each ready for the requests of a context. */
public final class Filters {
  private Filters() {}

  /** Has a container initialise a filter, as it would at start-up. */
  private static <F extends Filter> F initialised(F filter) {
    ServletContextHandler context = new ServletContextHandler();
    context
        .getServletContext()
        .setAttribute(InstrumentedFilter.REGISTRY_ATTRIBUTE, new MetricRegistry());
    context.addFilter(new FilterHolder(filter), "/*", null);
    try {
      context.start();
    } catch (Exception e) {
      throw new IllegalStateException(new ServletException(e));
    }
    return filter;
  }

  /** This library. */
  @State(Scope.Benchmark)
  public static class Ours {
    final Filter filter =
        initialised(
            new HttpMetricsFilter(
                HttpMetrics.builder().registry(new PrometheusRegistry()).build()));
  }

  /** Micrometer by Spring's filter, which is what Spring Boot installs. */
  @State(Scope.Benchmark)
  public static class Micrometer {
    final Filter filter;

    /** Observations become meters of a Prometheus registry. */
    public Micrometer() {
      ObservationRegistry observations = ObservationRegistry.create();
      observations
          .observationConfig()
          .observationHandler(
              new DefaultMeterObservationHandler(
                  new PrometheusMeterRegistry(PrometheusConfig.DEFAULT)));
      filter = initialised(new ServerHttpObservationFilter(observations));
    }
  }

  /** Dropwizard Metrics. */
  @State(Scope.Benchmark)
  public static class Dropwizard {
    final Filter filter = initialised(new InstrumentedFilter());
  }
}
