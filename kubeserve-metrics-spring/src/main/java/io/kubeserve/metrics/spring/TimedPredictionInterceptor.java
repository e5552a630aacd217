package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import java.lang.reflect.Method;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.util.ClassUtils;

/** Times the calls of methods with {@link TimedPrediction}, by what they return. */
final class TimedPredictionInterceptor implements MethodInterceptor {
  private static final boolean REACTOR =
      ClassUtils.isPresent(
          "reactor.core.publisher.Flux", TimedPredictionInterceptor.class.getClassLoader());

  private final ObjectProvider<PredictionMetrics> metrics;
  private final ObjectProvider<PredictionRecorder> recorder;

  /** As many as there are such methods. */
  private final ConcurrentHashMap<Method, PredictionRecorder> byMethod = new ConcurrentHashMap<>();

  TimedPredictionInterceptor(
      ObjectProvider<PredictionMetrics> metrics, ObjectProvider<PredictionRecorder> recorder) {
    this.metrics = metrics;
    this.recorder = recorder;
  }

  @Override
  public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
    PredictionRecorder methodsRecorder = recorderOf(invocation);
    Class<?> type = invocation.getMethod().getReturnType();
    if (CompletionStage.class.isAssignableFrom(type)) {
      return methodsRecorder.<@Nullable CompletionStage<?>, Throwable>timeAsync(
          () -> (CompletionStage<?>) invocation.proceed());
    }
    if (REACTOR && ReactiveTiming.isTimed(type)) {
      return ReactiveTiming.timed(invocation.proceed(), methodsRecorder);
    }
    try (Prediction prediction = methodsRecorder.start()) {
      Object result = invocation.proceed();
      prediction.success();
      return result;
    }
  }

  private PredictionRecorder recorderOf(MethodInvocation invocation) {
    Method method = invocation.getMethod();
    PredictionRecorder known = byMethod.get(method);
    return known != null
        ? known
        : byMethod.computeIfAbsent(method, absent -> find(absent, invocation.getThis()));
  }

  private PredictionRecorder find(Method method, @Nullable Object bean) {
    TimedPrediction timed =
        TimedPredictionPointcut.find(method, bean == null ? null : bean.getClass());
    return timed == null || timed.model().isBlank()
        ? recorder.getIfUnique(() -> metrics.getObject().recorder())
        : metrics.getObject().recorder(timed.model(), timed.version());
  }
}
