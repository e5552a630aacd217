package io.kubeserve.metrics.spring;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** An application in which the annotation works, and nothing else of ours. */
final class TimedContext {
  static final ApplicationContextRunner RUNNER =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  AopAutoConfiguration.class,
                  PredictionMetricsAutoConfiguration.class,
                  TimedPredictionAutoConfiguration.class));

  private TimedContext() {}
}
