package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The labels that some recordings are exposed with. Safe for use by many threads. */
final class SeriesLabels {
  /** Those of every series. */
  final Labels all;

  final Labels success;
  final Labels error;

  /** Those of a reason or a stage, once there is such a series. */
  private final Map<Object, Labels> specific = new ConcurrentHashMap<>();

  SeriesLabels(Labels all) {
    this.all = all;
    this.success = all.add(LabelName.STATUS, Status.SUCCESS.labelValue());
    this.error = all.add(LabelName.STATUS, Status.ERROR.labelValue());
  }

  Labels of(ErrorReason reason) {
    return specific.computeIfAbsent(reason, any -> all.add(LabelName.REASON, reason.labelValue()));
  }

  Labels of(Stage stage) {
    return specific.computeIfAbsent(stage, any -> all.add(LabelName.STAGE, stage.labelValue()));
  }
}
