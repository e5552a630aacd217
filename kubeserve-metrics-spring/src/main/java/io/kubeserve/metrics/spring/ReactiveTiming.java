package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionRecorder;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

/** Times what Reactor publishes, from each subscription to its end; loaded only with Reactor. */
final class ReactiveTiming {
  private ReactiveTiming() {}

  static boolean isTimed(Class<?> type) {
    return Mono.class.isAssignableFrom(type) || Flux.class.isAssignableFrom(type);
  }

  static @Nullable Object timed(@Nullable Object publisher, PredictionRecorder recorder) {
    if (publisher instanceof Mono<?> mono) {
      return Mono.defer(
          () -> {
            Prediction prediction = recorder.start();
            return mono.doFinally(signal -> end(prediction, signal));
          });
    }
    if (publisher instanceof Flux<?> flux) {
      return Flux.defer(
          () -> {
            Prediction prediction = recorder.start();
            return flux.doFinally(signal -> end(prediction, signal));
          });
    }
    return publisher;
  }

  private static void end(Prediction prediction, SignalType signal) {
    if (signal == SignalType.ON_COMPLETE) {
      prediction.success();
    }
    prediction.close();
  }
}
