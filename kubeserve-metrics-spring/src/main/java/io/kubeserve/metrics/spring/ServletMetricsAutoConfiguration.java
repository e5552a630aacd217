package io.kubeserve.metrics.spring;

import static io.kubeserve.metrics.spring.InvalidPropertyException.check;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import io.kubeserve.metrics.servlet.HttpMetricsFilterBuilder;
import io.kubeserve.metrics.servlet.MetricsServlet;
import io.kubeserve.metrics.servlet.SummaryServlet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The filter with the routes of Spring MVC, the scrape where Actuator has none, and the summary if
 * it is asked for.
 */
@AutoConfiguration(after = HttpMetricsAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Servlet.class, FilterRegistrationBean.class})
public class ServletMetricsAutoConfiguration {
  /** Where others are to run first, such as one that gives every request an id. */
  private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 1;

  /** For Spring Boot, which makes one. */
  public ServletMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(HttpMetrics.class)
  @ConditionalOnMissingBean(HttpMetricsFilter.class)
  FilterRegistrationBean<HttpMetricsFilter> httpMetricsFilter(
      HttpMetrics metrics, KubeserveMetricsProperties properties, Environment environment) {
    HttpMetricsFilterBuilder builder =
        HttpMetricsFilter.builder(metrics).handlerResolver(new MvcRoutes());
    List<String> excluded = HttpMetricsAutoConfiguration.excludedPaths(properties, environment);
    check(
        "http.excluded-paths",
        excluded,
        () -> builder.excludedPaths(excluded.toArray(String[]::new)));
    if (properties.http().countBytes()) {
      builder.countBytes();
    }
    FilterRegistrationBean<HttpMetricsFilter> registration =
        new FilterRegistrationBean<>(builder.build());
    registration.setOrder(FILTER_ORDER);
    registration.setDispatcherTypes(DispatcherType.REQUEST);
    return registration;
  }

  @Bean
  @ConditionalOnBean(KubeserveMetricsProperties.class)
  @ConditionalOnMissingBean(MetricsServlet.class)
  @ConditionalOnMissingScrapeEndpoint
  ServletRegistrationBean<MetricsServlet> metricsServlet(
      PrometheusRegistry registry, KubeserveMetricsProperties properties) {
    return new ServletRegistrationBean<>(new MetricsServlet(registry), properties.scrapePath());
  }

  @Bean
  @ConditionalOnBean(KubeserveMetricsProperties.class)
  @ConditionalOnMissingBean(SummaryServlet.class)
  @ConditionalOnProperty(prefix = KubeserveMetricsProperties.PREFIX, name = "summary.enabled")
  ServletRegistrationBean<SummaryServlet> summaryServlet(
      PredictionMetrics metrics, KubeserveMetricsProperties properties) {
    return new ServletRegistrationBean<>(new SummaryServlet(metrics), properties.summaryPath());
  }
}
