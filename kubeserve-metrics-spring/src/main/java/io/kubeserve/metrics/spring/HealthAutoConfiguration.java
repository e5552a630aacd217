package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The health of the models in Actuator, whose classes moved with Spring Boot 4.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PredictionMetricsAutoConfiguration.class)
@ConditionalOnBean(KubeserveMetricsProperties.class)
@ConditionalOnProperty(
    prefix = KubeserveMetricsProperties.PREFIX,
    name = "health.enabled",
    matchIfMissing = true)
public class HealthAutoConfiguration {
  /** The name of the component, with the suffix that Actuator leaves out. */
  private static final String NAME = "modelsHealthIndicator";

  /** For Spring Boot, which makes one. */
  public HealthAutoConfiguration() {}

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
  static class OnBoot3 {
    @Bean(NAME)
    @ConditionalOnMissingBean(name = NAME)
    Boot3ModelsHealth modelsHealth(PredictionMetrics metrics) {
      return new Boot3ModelsHealth(metrics);
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
  static class OnBoot4 {
    @Bean(NAME)
    @ConditionalOnMissingBean(name = NAME)
    ModelsHealth modelsHealth(PredictionMetrics metrics) {
      return new ModelsHealth(metrics);
    }
  }
}
