package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;

/** The readiness of the models as Actuator's health; loaded only on Spring Boot 3. */
final class Boot3ModelsHealth implements HealthIndicator {
  private final PredictionMetrics metrics;

  Boot3ModelsHealth(PredictionMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public Health health() {
    return metrics.isReady()
        ? Health.up().build()
        : Health.outOfService().withDetails(ReadinessDetails.of(metrics)).build();
  }
}
