package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.aop.config.AopConfigUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/**
 * The advice of {@link TimedPrediction}, by Spring AOP; AspectJ is not needed. Off with Boot's own
 * {@code spring.aop.auto=false}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = PredictionMetricsAutoConfiguration.class)
@ConditionalOnClass({DefaultPointcutAdvisor.class, MethodInterceptor.class})
@ConditionalOnBean(KubeserveMetricsProperties.class)
@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
public class TimedPredictionAutoConfiguration {
  /** For Spring Boot, which makes one. */
  public TimedPredictionAutoConfiguration() {}

  /**
   * Also where Boot makes no proxies, as without AspectJ and with interfaces' proxies asked for.
   */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnProperty(prefix = "spring.aop", name = "auto", matchIfMissing = true)
  @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
  static class Proxies {
    /**
     * Infrastructure, which is what Boot's proxies are made for where AspectJ is absent; and of
     * each context, since they are made for the advisors of their own.
     */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    @ConditionalOnMissingBean(name = "timedPredictionAdvisor", search = SearchStrategy.CURRENT)
    static DefaultPointcutAdvisor timedPredictionAdvisor(
        ObjectProvider<PredictionMetrics> metrics, ObjectProvider<PredictionRecorder> recorder) {
      return new DefaultPointcutAdvisor(
          new TimedPredictionPointcut(), new TimedPredictionInterceptor(metrics, recorder));
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static BeanFactoryPostProcessor timedPredictionProxies() {
      return beans ->
          AopConfigUtils.registerAutoProxyCreatorIfNecessary((BeanDefinitionRegistry) beans);
    }

    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static TimedPredictionCheck timedPredictionCheck(ConfigurableListableBeanFactory beans) {
      return new TimedPredictionCheck(beans);
    }
  }
}
