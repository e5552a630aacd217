package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import java.lang.reflect.Method;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.MethodClassKey;

/** Times the calls of methods with {@link TimedPrediction}, by what they return. */
final class TimedPredictionInterceptor implements MethodInterceptor {
  private final ObjectProvider<PredictionMetrics> metrics;
  private final ObjectProvider<PredictionRecorder> recorder;
  private final ReturnedResult returned = new ReturnedResult();

  /** By the class too, since a method may be that of an interface that several beans have. */
  private final ConcurrentHashMap<MethodClassKey, PredictionRecorder> byMethod =
      new ConcurrentHashMap<>();

  TimedPredictionInterceptor(
      ObjectProvider<PredictionMetrics> metrics, ObjectProvider<PredictionRecorder> recorder) {
    this.metrics = metrics;
    this.recorder = recorder;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    Method method = invocation.getMethod();
    Object target = invocation.getThis();
    if (target instanceof Advised inner && isAdviceOf(inner)) {
      return invocation.proceed(); // two who make proxies: the inner one times
    }
    PredictionRecorder methodsRecorder =
        recorderOf(
            method,
            target == null
                ? method.getDeclaringClass()
                : AopProxyUtils.ultimateTargetClass(target));
    Prediction prediction = methodsRecorder.start();
    Object result;
    try {
      result = invocation.proceed();
    } catch (Throwable thrown) {
      prediction.error(thrown);
      prediction.close();
      throw thrown;
    }
    return returned.end(result, method, prediction, methodsRecorder);
  }

  private static boolean isAdviceOf(Advised proxy) {
    return Stream.of(proxy.getAdvisors())
        .anyMatch(advisor -> advisor.getAdvice() instanceof TimedPredictionInterceptor);
  }

  /**
   * Finds the recorder of a method.
   *
   * @throws IllegalArgumentException if the annotation names what is not a model
   */
  PredictionRecorder recorderOf(Method method, Class<?> targetClass) {
    MethodClassKey key = new MethodClassKey(method, targetClass);
    PredictionRecorder known = byMethod.get(key);
    return known != null
        ? known
        : byMethod.computeIfAbsent(key, absent -> find(method, targetClass));
  }

  private PredictionRecorder find(Method method, Class<?> targetClass) {
    TimedPrediction timed = TimedMethods.find(method, targetClass);
    return timed == null || timed.model().isBlank()
        ? recorder.getIfUnique(() -> metrics.getObject().recorder())
        : metrics.getObject().recorder(timed.model(), timed.version());
  }
}
