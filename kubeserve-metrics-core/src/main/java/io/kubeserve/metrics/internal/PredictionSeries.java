package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All that is kept of one model, under the labels it is exposed with. */
public final class PredictionSeries {
  final Labels successLabels;
  final Labels errorLabels;
  private final Recordings recordings;
  private final LatencyWindow window;
  private final ModelLifecycle lifecycle = new ModelLifecycle();
  private final Labels labels;
  private final @Nullable Labels infoLabels;

  /** The labels of a reason or a stage, once there is such a series. */
  private final Map<Enum<?>, Labels> specificLabels = new ConcurrentHashMap<>();

  /**
   * Puts a model under labels.
   *
   * @param recordings what happens to it
   * @param window its latest latencies
   * @param labels the labels of every series of the model
   * @param infoLabels those that name the model and its version; {@code null} if it has no name
   */
  public PredictionSeries(
      Recordings recordings, LatencyWindow window, Labels labels, @Nullable Labels infoLabels) {
    this.recordings = recordings;
    this.window = window;
    this.labels = labels;
    this.infoLabels = infoLabels;
    this.successLabels = labels.add(LabelName.STATUS, Status.SUCCESS.labelValue());
    this.errorLabels = labels.add(LabelName.STATUS, Status.ERROR.labelValue());
  }

  /**
   * Returns where predictions are written.
   *
   * @return always the same
   */
  public Recordings recordings() {
    return recordings;
  }

  /**
   * Returns the latest latencies.
   *
   * @return always the same
   */
  public LatencyWindow window() {
    return window;
  }

  /**
   * Returns whether the model is loaded.
   *
   * @return always the same
   */
  public ModelLifecycle lifecycle() {
    return lifecycle;
  }

  /**
   * Returns the labels of every series.
   *
   * @return the labels, without those that one family has
   */
  public Labels labels() {
    return labels;
  }

  /**
   * Returns the labels that name the model.
   *
   * @return those of {@code model_info}; {@code null} if the model has no name
   */
  public @Nullable Labels infoLabels() {
    return infoLabels;
  }

  Labels labels(ErrorReason reason) {
    return specificLabels.computeIfAbsent(
        reason, any -> labels.add(LabelName.REASON, reason.labelValue()));
  }

  Labels labels(Stage stage) {
    return specificLabels.computeIfAbsent(
        stage, any -> labels.add(LabelName.STAGE, stage.labelValue()));
  }
}
