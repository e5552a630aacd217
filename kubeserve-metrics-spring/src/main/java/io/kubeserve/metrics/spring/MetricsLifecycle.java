package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps the metrics of a context in the registry until every other bean is destroyed: what pushes
 * or writes down the last counts is a bean as well. Spring destroys a post-processor last, since it
 * makes it first.
 */
final class MetricsLifecycle
    implements InstantiationAwareBeanPostProcessor, DisposableBean, PriorityOrdered {
  private final BeanFactory beans;

  // Guarded by this.
  private final List<RegistryTenancy<?>> tenancies = new ArrayList<>();
  private final Set<Object> applications = Collections.newSetFromMap(new IdentityHashMap<>());

  MetricsLifecycle(BeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  /** Returns the metrics of a registry, which contexts with the same registry share. */
  synchronized <M> M metrics(
      PrometheusRegistry registry, Class<M> type, Object options, Supplier<M> build) {
    RegistryTenancy<M> tenancy = RegistryTenancy.enter(registry, type, options, build);
    tenancies.add(tenancy);
    return tenancy.metrics();
  }

  private static boolean isMetrics(Class<?> type) {
    return type == PredictionMetrics.class || type == HttpMetrics.class;
  }

  /** Makes room for metrics that the application builds itself. */
  @Override
  public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
    if (isMetrics(beanClass)) {
      RegistryTenancy.free(PrometheusRegistry.defaultRegistry, beanClass);
      beans.getBeanProvider(PrometheusRegistry.class).stream()
          .forEach(registry -> RegistryTenancy.free(registry, beanClass));
    }
    return null;
  }

  @Override
  public synchronized Object postProcessAfterInitialization(Object bean, String beanName) {
    if (isMetrics(bean.getClass())
        && beans.containsBean(beanName)
        && beans.isSingleton(beanName)
        && tenancies.stream().noneMatch(tenancy -> tenancy.metrics() == bean)) {
      applications.add(bean);
    }
    return bean;
  }

  @Override
  public synchronized void destroy() {
    tenancies.forEach(RegistryTenancy::leave);
    tenancies.clear();
    applications.forEach(MetricsLifecycle::unregister);
    applications.clear();
  }

  static void unregister(Object metrics) {
    if (metrics instanceof PredictionMetrics predictions) {
      predictions.unregister();
    } else if (metrics instanceof HttpMetrics http) {
      http.unregister();
    }
  }
}
