package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.PredictionMetrics;
import java.util.Map;
import java.util.TreeMap;

/** What {@code model_ready} says of each model, for who asks why a server is not ready. */
final class ReadinessDetails {
  private ReadinessDetails() {}

  static Map<String, Object> of(PredictionMetrics metrics) {
    Map<String, Boolean> ready = new TreeMap<>();
    for (ModelSummary model : metrics.summary().models()) {
      model.ready().ifPresent(isReady -> ready.merge(name(model), isReady, Boolean::logicalOr));
    }
    return Map.of("ready", ready);
  }

  private static String name(ModelSummary model) {
    return model.model().isEmpty() ? "model" : model.model() + ' ' + model.version();
  }
}
