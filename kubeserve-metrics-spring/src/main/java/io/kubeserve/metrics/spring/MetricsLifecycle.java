package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;

/**
 * Keeps the metrics of a context in the registry until every other bean is destroyed: what pushes
 * or writes down the last counts is a bean as well. Spring destroys a post-processor last, since it
 * makes it first.
 */
final class MetricsLifecycle
    implements MergedBeanDefinitionPostProcessor,
        InstantiationAwareBeanPostProcessor,
        DisposableBean,
        PriorityOrdered {
  private final BeanFactory beans;

  // Guarded by this.
  private final List<RegistryTenancy<?>> tenancies = new ArrayList<>();
  private final Set<AutoCloseable> applications =
      Collections.newSetFromMap(new IdentityHashMap<>());

  MetricsLifecycle(BeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  /** Returns the metrics of a registry, which contexts with the same registry share. */
  synchronized <M extends AutoCloseable> M metrics(
      PrometheusRegistry registry, Class<M> type, Object options, Supplier<M> build) {
    RegistryTenancy<M> tenancy = RegistryTenancy.enter(registry, type, options, build);
    tenancies.add(tenancy);
    return tenancy.metrics();
  }

  /** Takes the close() away that Spring finds by itself; one that somebody named is meant. */
  @Override
  public void postProcessMergedBeanDefinition(
      RootBeanDefinition definition, Class<?> beanType, String beanName) {
    String named = definition.getDestroyMethodName();
    boolean found = named == null || named.equals(AbstractBeanDefinition.INFER_METHOD);
    if (found
        && definition.isSingleton()
        && (isMetrics(beanType) || PredictionRecorder.class.isAssignableFrom(beanType))) {
      definition.setDestroyMethodName("");
    }
  }

  private static boolean isMetrics(Class<?> type) {
    return type == PredictionMetrics.class || type == HttpMetrics.class;
  }

  /** Makes room for metrics that the application builds itself. */
  @Override
  public @Nullable Object postProcessBeforeInstantiation(Class<?> beanClass, String beanName) {
    if (isMetrics(beanClass)) {
      Class<? extends AutoCloseable> type = beanClass.asSubclass(AutoCloseable.class);
      RegistryTenancy.free(PrometheusRegistry.defaultRegistry, type);
      beans.getBeanProvider(PrometheusRegistry.class).stream()
          .forEach(registry -> RegistryTenancy.free(registry, type));
    }
    return null;
  }

  @Override
  public synchronized Object postProcessAfterInitialization(Object bean, String beanName) {
    if (isMetrics(bean.getClass())
        && beans.containsBean(beanName)
        && beans.isSingleton(beanName)
        && tenancies.stream().noneMatch(tenancy -> tenancy.metrics() == bean)) {
      applications.add((AutoCloseable) bean);
    }
    return bean;
  }

  @Override
  public synchronized void destroy() {
    tenancies.forEach(RegistryTenancy::leave);
    tenancies.clear();
    applications.forEach(MetricsLifecycle::close);
    applications.clear();
  }

  static void close(AutoCloseable metrics) {
    try {
      metrics.close();
    } catch (Exception e) {
      throw new IllegalStateException(Objects.requireNonNullElse(e.getMessage(), "close"), e);
    }
  }
}
