package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.TimedPublisher;
import io.kubeserve.metrics.internal.OpenPrediction;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Ends the prediction of a call by what the call returned, whatever its method declares. */
final class ReturnedResult {
  private static final System.Logger LOGGER = System.getLogger(TimedPrediction.class.getName());

  /** As many as there are methods with {@link TimedPrediction}. */
  private final Set<Method> logged = ConcurrentHashMap.newKeySet();

  /**
   * Ends the prediction, now or when the result is there.
   *
   * @param method what was called
   * @param prediction its prediction, of this thread
   * @return what the caller gets
   */
  @Nullable Object end(
      @Nullable Object result, Method method, Prediction prediction, PredictionRecorder recorder) {
    if (result == null) {
      boolean isResult =
          DeferredResults.isSuspending(method)
              || !DeferredResults.isDeferred(method.getReturnType());
      return end(null, prediction, isResult);
    }
    if (result instanceof CompletionStage<?> stage) {
      return endWith(stage, prediction);
    }
    Object timed = timed(result, recorder);
    if (timed != null) {
      return handOut(result, timed, method, prediction);
    }
    if (result instanceof Future<?> future && future.isDone()) {
      endNow(future, prediction);
      return result;
    }
    boolean neverTimed =
        result instanceof Future
            || DeferredResults.isNeverTimed(result.getClass())
            || DeferredResults.hasDeferredInside(result);
    return neverTimed ? untimed(result, method, prediction) : end(result, prediction, true);
  }

  private static @Nullable Object end(
      @Nullable Object result, Prediction prediction, boolean isSuccess) {
    if (isSuccess) {
      prediction.success();
    }
    prediction.close();
    return result;
  }

  private static Object endWith(CompletionStage<?> stage, Prediction prediction) {
    if (prediction instanceof OpenPrediction open) {
      return open.endWith(stage);
    }
    stage.whenComplete(
        (result, thrown) -> {
          if (thrown != null) {
            prediction.error(thrown);
          }
          end(result, prediction, thrown == null);
        });
    return stage;
  }

  private static @Nullable Object timed(Object result, PredictionRecorder recorder) {
    Object timed = DeferredResults.hasReactor() ? ReactiveTiming.timed(result, recorder) : null;
    return timed == null && result instanceof Flow.Publisher<?> publisher
        ? TimedPublisher.of(recorder, publisher)
        : timed;
  }

  private Object handOut(Object result, Object timed, Method method, Prediction prediction) {
    if (!DeferredResults.isSuspending(method) && !method.getReturnType().isInstance(timed)) {
      return untimed(result, method, prediction);
    }
    if (prediction instanceof OpenPrediction open) {
      open.discard(); // there is one for each subscription
    } else {
      prediction.close();
    }
    return timed;
  }

  private static void endNow(Future<?> future, Prediction prediction) {
    try {
      future.get();
      prediction.success();
    } catch (ExecutionException | CancellationException e) {
      prediction.error(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // was set before; the outcome stays unknown
    }
    prediction.close();
  }

  /** An error, so that it is looked at: a success of no time would look healthy. */
  private Object untimed(Object result, Method method, Prediction prediction) {
    if (logged.add(method)) {
      LOGGER.log(
          System.Logger.Level.ERROR,
          "@TimedPrediction on {0} counts errors: it returned a {1}, whose end is not known. Return a CompletableFuture, a Mono or a Flux, or inject a PredictionRecorder.",
          TimedMethods.name(method),
          result.getClass().getName());
    }
    prediction.close();
    return result;
  }
}
