package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The readiness of the models as Actuator's health; loaded only on Spring Boot 4. */
final class ModelsHealth implements HealthIndicator {
  private final PredictionMetrics metrics;

  ModelsHealth(PredictionMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public Health health() {
    return metrics.isReady()
        ? Health.up().build()
        : Health.outOfService().withDetails(ReadinessDetails.of(metrics)).build();
  }
}
