package io.kubeserve.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The recorders of one model that have labels of the user's own, by the values of those. Safe for
 * use by many threads.
 */
final class LabelledRecorders {
  private final Map<List<String>, BoundRecorder> known;
  private final BoundRecorder unlabelled;
  private final ServedModels models;

  LabelledRecorders(BoundRecorder unlabelled, ServedModels models) {
    this.unlabelled = unlabelled;
    this.models = models;
    this.known = models.ownLabels().names().isEmpty() ? Map.of() : new ConcurrentHashMap<>();
  }

  BoundRecorder get(String... values) {
    List<String> key = models.ownLabels().values(values);
    BoundRecorder recorder = known.get(key);
    return recorder != null ? recorder : models.labelled(unlabelled, key, known);
  }
}
