package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetricsBuilder;

/**
 * What an application changes of the metrics before they are built, beyond the properties: a bean
 * of this type. Called once each, in the order of {@code @Order}, at the start of the application.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PredictionMetricsCustomizer {
  /**
   * Changes what is being built.
   *
   * @param builder with the registry and the properties applied
   */
  void customize(PredictionMetricsBuilder builder);
}
