package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;

/**
 * The advice of {@link TimedPrediction}, by Spring AOP; AspectJ is not needed. Off with Boot's own
 * {@code spring.aop.auto=false}.
 */
@AutoConfiguration(after = PredictionMetricsAutoConfiguration.class)
@ConditionalOnClass({DefaultPointcutAdvisor.class, MethodInterceptor.class})
@ConditionalOnBean(KubeserveMetricsProperties.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public class TimedPredictionAutoConfiguration {
  /** For Spring Boot, which makes one. */
  public TimedPredictionAutoConfiguration() {}

  /** Infrastructure, which is what Boot's proxies are made for where AspectJ is absent. */
  @Bean
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  @ConditionalOnMissingBean(name = "timedPredictionAdvisor")
  static DefaultPointcutAdvisor timedPredictionAdvisor(
      ObjectProvider<PredictionMetrics> metrics, ObjectProvider<PredictionRecorder> recorder) {
    return new DefaultPointcutAdvisor(
        new TimedPredictionPointcut(), new TimedPredictionInterceptor(metrics, recorder));
  }
}
