package io.kubeserve.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The recorders whose readiness is known but that have no series of their own: they share those of
 * others, or their first load failed. Of as many names as may be in service; past that, those that
 * came first are forgotten. Guarded by {@link ServedModels}.
 */
final class UnshownModels {
  private final int maxModels;
  private final Set<BoundRecorder> oldestFirst = new LinkedHashSet<>();

  UnshownModels(int maxModels) {
    this.maxModels = maxModels;
  }

  void add(BoundRecorder recorder) {
    oldestFirst.remove(recorder);
    oldestFirst.add(recorder);
    // Two for a name: one that serves, and one that loads beside it.
    while (oldestFirst.size() > 2 * maxModels || names() > maxModels) {
      oldestFirst.remove(oldestFirst.iterator().next());
    }
  }

  private long names() {
    return oldestFirst.stream().map(BoundRecorder::name).distinct().count();
  }

  void remove(BoundRecorder recorder) {
    oldestFirst.remove(recorder);
  }

  /** Forgets what is not ready of a name. */
  void removeUnready(String name) {
    oldestFirst.removeIf(recorder -> recorder.isOf(name) && !recorder.isReady());
  }

  /** Returns one that may have series under these labels once more; {@code null} if none is. */
  @Nullable BoundRecorder get(Labels labels) {
    return oldestFirst.stream()
        .filter(recorder -> recorder.labels().equals(labels))
        .filter(recorder -> !recorder.destination().isGiven())
        .findFirst()
        .orElse(null);
  }

  /** Returns those that write to the series of another one. */
  List<BoundRecorder> sharing(BoundRecorder owner) {
    return oldestFirst.stream()
        .filter(recorder -> recorder.destination().series() == owner.series())
        .toList();
  }

  /** Returns those that share with nobody and are not ready. */
  List<BoundRecorder> failed() {
    if (oldestFirst.isEmpty()) {
      return List.of(); // mostly, and in every scrape
    }
    return oldestFirst.stream()
        .filter(recorder -> !recorder.destination().isSharing() && !recorder.isReady())
        .toList();
  }

  List<BoundRecorder> all() {
    return List.copyOf(oldestFirst);
  }
}
