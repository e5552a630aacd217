package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.ModelLifecycle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which of a server's models are ready: those that a load tells of, by name, whatever the version.
 * Guarded by the lock of the {@link ServedModels}.
 */
final class ModelReadiness {
  private final ModelPlaces places;
  private final UnshownModels unshown;

  ModelReadiness(ModelPlaces places, UnshownModels unshown) {
    this.places = places;
    this.unshown = unshown;
  }

  /** Returns whether a version of a model is ready. */
  boolean isReady(String name) {
    return told().stream().anyMatch(recorder -> recorder.isOf(name) && recorder.isReady());
  }

  /** Returns whether every model that is told of has a version that is ready. */
  boolean areAllReady() {
    return areReady(told());
  }

  private List<BoundRecorder> told() {
    List<BoundRecorder> told = new ArrayList<>(unshown.all());
    for (BoundRecorder recorder : places.all()) {
      ModelLifecycle lifecycle = recorder.lifecycle();
      if (lifecycle.isTold() && !lifecycle.isRetired() && !places.isOther(recorder)) {
        told.add(recorder);
      }
    }
    return told;
  }

  private static boolean areReady(List<BoundRecorder> told) {
    Map<String, Boolean> ready = new HashMap<>();
    told.forEach(recorder -> ready.merge(recorder.name(), recorder.isReady(), Boolean::logicalOr));
    return !ready.containsValue(false);
  }

  /** Lets the recorder that others share be as ready as they are together. */
  void mirrorOther() {
    BoundRecorder other = places.get(places.otherLabels());
    if (other != null) {
      List<BoundRecorder> sharing = unshown.sharing(other);
      if (other.lifecycle().isTold() || !sharing.isEmpty()) {
        other.lifecycle().mirror(areReady(sharing));
      }
    }
  }

  /** Returns those whose load failed and of whose labels no model has a place. */
  List<BoundRecorder> failed() {
    List<BoundRecorder> failed = unshown.failed();
    return failed.isEmpty()
        ? failed
        : failed.stream().filter(recorder -> places.get(recorder.labels()) == null).toList();
  }
}
