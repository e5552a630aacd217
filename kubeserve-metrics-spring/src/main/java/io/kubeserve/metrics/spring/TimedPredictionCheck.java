package io.kubeserve.metrics.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Refuses to start with a method that has {@link TimedPrediction} and would not be timed, and makes
 * the recorders of the others.
 */
final class TimedPredictionCheck implements BeanPostProcessor, SmartInitializingSingleton, Ordered {
  private final ConfigurableListableBeanFactory beans;

  // Guarded by this. Beans that were made before all are: one in a circle gets its proxy late.
  private @Nullable List<Timed> early = new ArrayList<>();

  /** A bean with such methods. */
  private record Timed(Object bean, String name, Class<?> type, List<Method> methods) {}

  TimedPredictionCheck(ConfigurableListableBeanFactory beans) {
    this.beans = beans;
  }

  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }

  @Override
  public Object postProcessAfterInitialization(Object bean, String beanName) {
    Timed timed = find(bean, beanName);
    if (timed != null && !isKeptForLater(timed)) {
      check(timed);
    }
    return bean;
  }

  private static @Nullable Timed find(@Nullable Object bean, String name) {
    if (bean == null || bean instanceof AopInfrastructureBean) {
      return null;
    }
    Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
    List<Method> methods = TimedMethods.of(type);
    if (methods.isEmpty()) {
      return null;
    }
    for (Method method : methods) {
      refuse(method, hidden(method));
      refuse(method, DeferredResults.refusal(method, type));
    }
    return new Timed(bean, name, type, methods);
  }

  private synchronized boolean isKeptForLater(Timed timed) {
    return early != null && early.add(timed);
  }

  @Override
  public void afterSingletonsInstantiated() {
    List<Timed> kept;
    synchronized (this) {
      kept = early == null ? new ArrayList<>() : early;
      early = null;
    }
    addUnseen(kept);
    for (Timed timed : kept) {
      boolean isShared = !AopUtils.isAopProxy(timed.bean) && beans.containsSingleton(timed.name);
      check(
          isShared
              ? new Timed(beans.getBean(timed.name), timed.name, timed.type, timed.methods)
              : timed);
    }
  }

  /** Beans that were asked for before this was there. */
  private void addUnseen(List<Timed> kept) {
    Set<String> seen = kept.stream().map(Timed::name).collect(Collectors.toSet());
    for (String name : beans.getBeanDefinitionNames()) {
      if (!seen.contains(name) && beans.containsSingleton(name)) {
        Timed timed = find(beans.getSingleton(name), name);
        if (timed != null) {
          kept.add(timed);
        }
      }
    }
  }

  private static void check(Timed found) {
    Timed timed = new Timed(timingProxy(found.bean), found.name, found.type, found.methods);
    TimedPredictionInterceptor interceptor = interceptorOf(timed.bean);
    for (Method method : timed.methods) {
      refuse(
          method,
          interceptor == null
              ? "is of the bean %s, which Spring's auto-proxy does not reach: let nothing need the bean before every BeanPostProcessor is there, and nothing else make a proxy of it, or inject a PredictionRecorder."
                  .formatted(timed.name)
              : unreachable(method, timed));
      if (interceptor != null) {
        interceptor.recorderOf(method, timed.type);
      }
    }
  }

  /** Others may have made a proxy of the proxy that times. */
  private static Object timingProxy(Object bean) {
    Object proxy = bean;
    while (interceptorOf(proxy) == null
        && AopProxyUtils.getSingletonTarget(proxy) instanceof Advised inner) {
      proxy = inner;
    }
    return interceptorOf(proxy) == null ? bean : proxy;
  }

  private static @Nullable TimedPredictionInterceptor interceptorOf(Object bean) {
    return bean instanceof Advised advised
        ? Stream.of(advised.getAdvisors())
            .map(advisor -> advisor.getAdvice())
            .filter(TimedPredictionInterceptor.class::isInstance)
            .map(TimedPredictionInterceptor.class::cast)
            .findFirst()
            .orElse(null)
        : null;
  }

  private static @Nullable String hidden(Method method) {
    int modifiers = method.getModifiers();
    return Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers)
        ? "is private or static, which Spring AOP does not see: make it a public method of the bean."
        : null;
  }

  private static @Nullable String unreachable(Method method, Timed timed) {
    if (AopUtils.isJdkDynamicProxy(timed.bean)) {
      return isOfAnInterface(method, timed)
          ? null
          : "is on no interface of its bean, and the proxy has only those: declare it there, or leave spring.aop.proxy-target-class at true.";
    }
    if (Modifier.isFinal(method.getModifiers())) {
      return "is final, which Spring AOP cannot override: make it not final, in Kotlin open.";
    }
    return isOverridable(method, timed.bean.getClass())
        ? null
        : "is of another package or class loader than its proxy, and not public: make it public.";
  }

  private static boolean isOfAnInterface(Method method, Timed timed) {
    return Stream.of(timed.bean.getClass().getInterfaces())
        .flatMap(type -> Stream.of(type.getMethods()))
        .anyMatch(
            declared ->
                declared.getName().equals(method.getName())
                    && AopUtils.getMostSpecificMethod(declared, timed.type).equals(method));
  }

  private static boolean isOverridable(Method method, Class<?> proxy) {
    int modifiers = method.getModifiers();
    Class<?> declaring = method.getDeclaringClass();
    return Modifier.isPublic(modifiers)
        || Modifier.isProtected(modifiers)
        || (declaring.getPackageName().equals(proxy.getPackageName())
            && declaring.getClassLoader() == proxy.getClassLoader());
  }

  private static void refuse(Method method, @Nullable String why) {
    if (why != null) {
      throw new IllegalStateException(
          "@TimedPrediction on %s cannot time it: the method %s"
              .formatted(TimedMethods.name(method), why));
    }
  }
}
