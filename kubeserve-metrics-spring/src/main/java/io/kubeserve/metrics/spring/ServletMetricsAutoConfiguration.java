package io.kubeserve.metrics.spring;

import static io.kubeserve.metrics.spring.InvalidPropertyException.check;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import io.kubeserve.metrics.servlet.HttpMetricsFilterBuilder;
import io.kubeserve.metrics.servlet.LivePageServlet;
import io.kubeserve.metrics.servlet.MetricsServlet;
import io.kubeserve.metrics.servlet.SummaryServlet;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import java.util.List;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * The filter with the routes of Spring MVC, the scrape where Actuator has none, and the summary and
 * the live page if they are asked for.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = {HttpMetricsAutoConfiguration.class, LivePageAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass({Servlet.class, FilterRegistrationBean.class})
public class ServletMetricsAutoConfiguration {
  /** Where others are to run first, such as one that gives every request an id. */
  private static final int FILTER_ORDER = Ordered.HIGHEST_PRECEDENCE + 1;

  private static final boolean MVC =
      ClassUtils.isPresent(
          "org.springframework.web.servlet.handler.AbstractUrlHandlerMapping",
          ServletMetricsAutoConfiguration.class.getClassLoader());

  /** For Spring Boot, which makes one. */
  public ServletMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(HttpMetrics.class)
  @ConditionalOnMissingBean(
      value = HttpMetricsFilter.class,
      parameterizedContainer = FilterRegistrationBean.class)
  FilterRegistrationBean<HttpMetricsFilter> httpMetricsFilter(
      HttpMetrics metrics,
      KubeserveMetricsProperties properties,
      Environment environment,
      ListableBeanFactory beans) {
    HttpMetricsFilterBuilder builder = HttpMetricsFilter.builder(metrics).handlerResolver(routes());
    List<String> excluded =
        HttpMetricsAutoConfiguration.excludedPaths(
            properties, () -> ActuatorPaths.patterns(beans, environment));
    check(
        "http.excluded-paths",
        excluded,
        () -> builder.excludedPaths(excluded.toArray(String[]::new)));
    builder.countBytes(properties.http().countBytes());
    FilterRegistrationBean<HttpMetricsFilter> registration =
        new FilterRegistrationBean<>(builder.build());
    registration.setOrder(FILTER_ORDER);
    registration.setDispatcherTypes(DispatcherType.REQUEST);
    return registration;
  }

  private static MvcRoutes routes() {
    return new MvcRoutes(MVC ? new UrlMappings() : (request, template) -> false);
  }

  @Bean
  @ConditionalOnBean(KubeserveMetricsProperties.class)
  @ConditionalOnMissingBean(
      value = MetricsServlet.class,
      parameterizedContainer = ServletRegistrationBean.class)
  @ConditionalOnMissingScrapeEndpoint
  ServletRegistrationBean<MetricsServlet> metricsServlet(
      PrometheusRegistry registry, KubeserveMetricsProperties properties) {
    return new ServletRegistrationBean<>(new MetricsServlet(registry), properties.scrapePath());
  }

  @Bean
  @ConditionalOnBean(SummaryJson.class)
  @ConditionalOnMissingBean(
      value = SummaryServlet.class,
      parameterizedContainer = ServletRegistrationBean.class)
  ServletRegistrationBean<SummaryServlet> summaryServlet(
      SummaryJson summary, KubeserveMetricsProperties properties) {
    return new ServletRegistrationBean<>(new SummaryServlet(summary), properties.summaryPath());
  }

  @Bean
  @ConditionalOnBean(LivePage.class)
  @ConditionalOnMissingBean(
      value = LivePageServlet.class,
      parameterizedContainer = ServletRegistrationBean.class)
  ServletRegistrationBean<LivePageServlet> livePageServlet(
      LivePage page, KubeserveMetricsProperties properties) {
    return new ServletRegistrationBean<>(
        new LivePageServlet(page), LivePageAutoConfiguration.pattern(properties.live()));
  }
}
