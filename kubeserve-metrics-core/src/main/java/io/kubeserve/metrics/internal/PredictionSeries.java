package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * The cells of one model under the labels they are exposed with.
 *
 * @param cells the counts
 * @param labels the labels of every series of the model
 * @param successLabels the same, with the status of a success
 * @param errorLabels the same, with the status of an error
 */
public record PredictionSeries(
    PredictionCells cells, Labels labels, Labels successLabels, Labels errorLabels) {

  /**
   * Puts cells under labels.
   *
   * @param cells the counts
   * @param labels the labels, without {@code status}
   * @return the series of one model
   */
  public static PredictionSeries of(PredictionCells cells, Labels labels) {
    return new PredictionSeries(
        cells,
        labels,
        labels.add(LabelName.STATUS, Status.SUCCESS.labelValue()),
        labels.add(LabelName.STATUS, Status.ERROR.labelValue()));
  }
}
