package io.kubeserve.metrics.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/** The methods of a class with {@link TimedPrediction}, its own or those of what it inherits. */
final class TimedMethods {
  private TimedMethods() {}

  /** Finds them as a call reaches them: the implementation, not what it implements. */
  static List<Method> of(Class<?> type) {
    Set<Method> timed = new LinkedHashSet<>();
    for (Class<?> declaring : classes(type)) {
      if (!AnnotationUtils.isCandidateClass(declaring, TimedPrediction.class)) {
        continue;
      }
      ReflectionUtils.doWithMethods(
          declaring,
          method -> {
            if (find(method, type) != null) {
              timed.add(AopUtils.getMostSpecificMethod(method, type));
            }
          },
          method -> !method.isBridge() && !method.isSynthetic());
    }
    return List.copyOf(timed);
  }

  /** A class made for interfaces, as by a client of HTTP, has no methods worth a look. */
  private static Set<Class<?>> classes(Class<?> type) {
    Set<Class<?>> classes = new LinkedHashSet<>();
    if (!Proxy.isProxyClass(type) && type != Object.class) {
      classes.add(ClassUtils.getUserClass(type));
    }
    classes.addAll(ClassUtils.getAllInterfacesForClassAsSet(type));
    return classes;
  }

  static @Nullable TimedPrediction find(Method method, @Nullable Class<?> type) {
    return AnnotatedElementUtils.findMergedAnnotation(
        AopUtils.getMostSpecificMethod(method, type), TimedPrediction.class);
  }

  static String name(Method method) {
    return method.getDeclaringClass().getName() + '.' + method.getName();
  }
}
