package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Recordings;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;

/**
 * The room of a server for sets of values of the user's own labels; past it, they share the one
 * whose values are {@code other}. Guarded by the lock of the {@link ServedModels}.
 */
final class LabelSetPlaces {
  private final OwnLabels labels;
  private final ModelPlaces models;
  private long folded;

  LabelSetPlaces(OwnLabels labels, ModelPlaces models) {
    this.labels = labels;
    this.models = models;
  }

  OwnLabels labels() {
    return labels;
  }

  /** Returns how often values were folded; -1 where no label is declared. */
  long folded() {
    return labels.names().isEmpty() ? -1 : folded;
  }

  /**
   * Returns the recorder of a label set, made if there is room.
   *
   * @param unlabelled the recorder of the model
   * @param values of the labels
   * @param known those of the model that there are; one that is made is added
   */
  BoundRecorder recorder(
      BoundRecorder unlabelled, List<String> values, Map<List<String>, BoundRecorder> known) {
    BoundRecorder raced = known.get(values);
    if (raced != null) {
      return raced;
    }
    List<String> others = labels.others();
    // Models that share their series share the label sets of those, too.
    boolean shown = unlabelled.destination().series().recordings(labels.labels(values)) != null;
    int own = known.size() - (known.containsKey(others) ? 1 : 0);
    boolean full = own >= labels.maxLabelSets() || (!shown && !hasRoom());
    if (full && !values.equals(others)) {
      folded++;
    }
    return known.computeIfAbsent(
        full ? others : values, key -> new BoundRecorder(unlabelled, labels.labels(key)));
  }

  /** Returns the recordings of a label set, made if there is room. */
  Recordings recordings(PredictionSeries series, Labels own) {
    Recordings known = series.recordings(own);
    if (known != null) {
      return known;
    }
    Labels others = labels.labels(labels.others());
    if (own.equals(others) || hasRoom()) {
      return series.add(own);
    }
    folded++;
    return recordings(series, others);
  }

  private boolean hasRoom() {
    return models.hasRoomForLabelSet(labels.maxLabelSets(), labels.labels(labels.others()));
  }
}
