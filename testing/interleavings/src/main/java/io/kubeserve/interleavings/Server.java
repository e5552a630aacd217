package io.kubeserve.interleavings;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionMetricsBuilder;
import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/** A model server with a clock that stands still. */
class Server {
  static final String MODEL = "m";

  private static final Duration RETIREMENT = Duration.ofMinutes(3);

  final PrometheusRegistry registry = new PrometheusRegistry();
  final ManualTicker ticker = new ManualTicker();
  final PredictionMetrics metrics;

  Server() {
    this(10);
  }

  Server(int maxModels) {
    metrics = builder().maxModels(maxModels).build();
  }

  /** One whose predictions have a label of the user's own. */
  Server(String labelName, int maxLabelSets) {
    metrics = builder().labelNames(labelName).maxLabelSets(maxLabelSets).build();
  }

  private PredictionMetricsBuilder builder() {
    return PredictionMetrics.builder()
        .registry(registry)
        .ticker(ticker)
        .bucketsMillis(10)
        .quantileGauges(0.5)
        .exemplars(false);
  }

  final PredictionRecorder recorder() {
    return metrics.recorder(MODEL, "1");
  }

  final Shown shown() {
    return Shown.by(registry);
  }

  /** Lets more time pass than a retired model is shown for. */
  final void outliveRetirement() {
    ticker.advance(RETIREMENT);
  }

  /** Whether a model that is new gets series of its own: whether there is a place for it. */
  final boolean hasPlaceFor(String newModel) {
    predict(metrics.recorder(newModel, "1"));
    return shown().has(newModel);
  }

  /** How many of two new models get series of their own. */
  final String freePlaces() {
    boolean first = hasPlaceFor("first");
    boolean second = hasPlaceFor("second");
    return first ? second ? "two places" : "one place" : "no place";
  }

  final void scrapeOnce() {
    shown();
  }

  final String readiness() {
    return metrics.isReady() ? "ready" : "not ready";
  }

  static void failToLoad(PredictionRecorder recorder) {
    try {
      recorder
          .model()
          .load(
              () -> {
                throw new IllegalStateException("no such file");
              });
    } catch (IllegalStateException expected) {
      // Its caller keeps the version that serves.
    }
  }

  static void predict(PredictionRecorder recorder) {
    recorder.run(() -> {});
  }

  /** Names what a thread sees; what it catches instead has the name of its class. */
  static String seen(Supplier<String> look) {
    try {
      return look.get();
    } catch (RuntimeException | AssertionError thrown) {
      return thrown.getClass().getSimpleName();
    }
  }
}
