package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The filter with the routes of WebFlux, the scrape where Actuator has none, and the summary and
 * the live page if they are asked for.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = {HttpMetricsAutoConfiguration.class, LivePageAutoConfiguration.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClass(RouterFunction.class)
public class WebFluxMetricsAutoConfiguration {
  /** For Spring Boot, which makes one. */
  public WebFluxMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnBean(HttpMetrics.class)
  @ConditionalOnMissingBean
  HttpMetricsWebFilter httpMetricsWebFilter(
      HttpMetrics metrics, KubeserveMetricsProperties properties, ApplicationContext context) {
    Environment environment = context.getEnvironment();
    List<String> excluded =
        HttpMetricsAutoConfiguration.excludedPaths(
            properties, () -> ActuatorPaths.patterns(context, environment));
    try {
      return new HttpMetricsWebFilter(metrics, context, basePath(environment), excluded);
    } catch (RuntimeException e) {
      throw new InvalidPropertyException(
          KubeserveMetricsProperties.PREFIX + ".http.excluded-paths", excluded, e);
    }
  }

  /** As Boot's WebFluxProperties, whose package differs between Boot 3 and 4, clean it. */
  private static String basePath(Environment environment) {
    String path = environment.getProperty("spring.webflux.base-path", "").strip();
    String begun = path.isEmpty() || path.startsWith("/") ? path : '/' + path;
    return begun.endsWith("/") ? begun.substring(0, begun.length() - 1) : begun;
  }

  @Bean
  @ConditionalOnBean(KubeserveMetricsProperties.class)
  @ConditionalOnMissingBean(name = "kubeserveScrape")
  @ConditionalOnMissingScrapeEndpoint
  RouterFunction<ServerResponse> kubeserveScrape(
      PrometheusRegistry registry, KubeserveMetricsProperties properties) {
    return RouterFunctions.route(
        RequestPredicates.path(properties.scrapePath()), new WebFluxScrape(registry));
  }

  @Bean
  @ConditionalOnBean(SummaryJson.class)
  @ConditionalOnMissingBean(name = "kubeserveSummaryRoute")
  RouterFunction<ServerResponse> kubeserveSummaryRoute(
      SummaryJson summary, KubeserveMetricsProperties properties) {
    return WebFluxAnswers.summary(summary, properties.summaryPath());
  }

  @Bean
  @ConditionalOnBean(LivePage.class)
  @ConditionalOnMissingBean(name = "kubeserveLivePageRoute")
  RouterFunction<ServerResponse> kubeserveLivePageRoute(
      LivePage page, KubeserveMetricsProperties properties) {
    return WebFluxAnswers.livePage(page, properties.live().path());
  }
}
