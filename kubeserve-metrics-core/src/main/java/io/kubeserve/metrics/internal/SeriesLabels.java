package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The labels that some recordings are exposed with. Safe for use by many threads. */
final class SeriesLabels {
  /** Those of every series. */
  final Labels all;

  final Labels success;
  final Labels error;

  /** Those of a reason or a stage, once there is such a series. Guarded by this. */
  private @Nullable Map<Object, Labels> specific;

  SeriesLabels(Labels all) {
    this.all = all;
    this.success = all.add(LabelName.STATUS, Status.SUCCESS.labelValue());
    this.error = all.add(LabelName.STATUS, Status.ERROR.labelValue());
  }

  Labels of(ErrorReason reason) {
    return of(reason, LabelName.REASON, reason.labelValue());
  }

  Labels of(Stage stage) {
    return of(stage, LabelName.STAGE, stage.labelValue());
  }

  private synchronized Labels of(Object what, String name, String value) {
    if (specific == null) {
      specific = new HashMap<>();
    }
    return specific.computeIfAbsent(what, any -> all.add(name, value));
  }
}
