package io.kubeserve.metrics.spring;

import java.lang.reflect.Method;
import org.springframework.aop.support.StaticMethodMatcherPointcut;

/** The methods with {@link TimedPrediction}; what it says is checked when the bean is made. */
final class TimedPredictionPointcut extends StaticMethodMatcherPointcut {
  @Override
  public boolean matches(Method method, Class<?> targetClass) {
    TimedPrediction timed = TimedMethods.find(method, targetClass);
    if (timed != null && timed.model().isBlank() != timed.version().isBlank()) {
      throw new IllegalArgumentException(
          "@TimedPrediction on %s.%s names %s: name both, or neither to use the recorder of the properties."
              .formatted(
                  targetClass.getName(),
                  method.getName(),
                  timed.model().isBlank()
                      ? "a version without a model"
                      : "a model without a version"));
    }
    return timed != null;
  }
}
