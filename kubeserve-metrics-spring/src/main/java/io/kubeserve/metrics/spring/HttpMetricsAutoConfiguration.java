package io.kubeserve.metrics.spring;

import static io.kubeserve.metrics.spring.InvalidPropertyException.check;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.http.HttpMetricsBuilder;
import io.kubeserve.metrics.spring.KubeserveMetricsProperties.Http;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;

/**
 * Metrics of HTTP requests, for servlets and for WebFlux alike.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PredictionMetricsAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBean(KubeserveMetricsProperties.class)
public class HttpMetricsAutoConfiguration {
  /** For Spring Boot, which makes one. */
  public HttpMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(
      prefix = KubeserveMetricsProperties.PREFIX,
      name = "http.enabled",
      matchIfMissing = true)
  HttpMetrics httpMetrics(
      MetricsLifecycle lifecycle,
      PrometheusRegistry registry,
      KubeserveMetricsProperties properties) {
    Http http = properties.http();
    HttpMetricsBuilder builder =
        HttpMetrics.builder()
            .registry(registry)
            .exactStatus(http.exactStatus())
            .inProgress(http.inProgress());
    Integer maxHandlers = http.maxHandlers();
    if (maxHandlers != null) {
      check("http.max-handlers", maxHandlers, () -> builder.maxHandlers(maxHandlers));
    }
    return lifecycle.metrics(
        registry,
        HttpMetrics.class,
        List.of(http.exactStatus(), http.inProgress(), Optional.ofNullable(maxHandlers)),
        builder::build);
  }

  /**
   * The paths that are not measured, in the patterns of the servlet module.
   *
   * @param actuator those of Actuator
   */
  static List<String> excludedPaths(
      KubeserveMetricsProperties properties, Supplier<List<String>> actuator) {
    List<String> excluded = properties.http().excludedPaths();
    if (excluded != null) {
      return excluded;
    }
    List<String> paths = new ArrayList<>();
    paths.add(properties.scrapePath());
    if (properties.summary().enabled()) {
      paths.add(properties.summaryPath());
    }
    if (properties.live().enabled()) {
      paths.add(LivePageAutoConfiguration.pattern(properties.live()));
    }
    paths.addAll(actuator.get());
    return paths;
  }
}
