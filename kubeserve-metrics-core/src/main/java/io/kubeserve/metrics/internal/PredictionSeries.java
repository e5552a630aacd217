package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * All that is kept of one model, under the labels it is exposed with.
 *
 * @param cells the counts
 * @param stages the times of stages
 * @param exemplars the traces of some predictions
 * @param window the latest latencies
 * @param labels the labels of every series of the model
 * @param successLabels the same, with the status of a success
 * @param errorLabels the same, with the status of an error
 */
public record PredictionSeries(
    PredictionCells cells,
    StageCells stages,
    ExemplarSampler exemplars,
    LatencyWindow window,
    Labels labels,
    Labels successLabels,
    Labels errorLabels) {

  /**
   * Puts a model under labels.
   *
   * @param cells the counts
   * @param stages the times of stages
   * @param exemplars the traces of some predictions
   * @param window the latest latencies
   * @param labels the labels, without {@code status}
   * @return the series of one model
   */
  public static PredictionSeries of(
      PredictionCells cells,
      StageCells stages,
      ExemplarSampler exemplars,
      LatencyWindow window,
      Labels labels) {
    return new PredictionSeries(
        cells,
        stages,
        exemplars,
        window,
        labels,
        labels.add(LabelName.STATUS, Status.SUCCESS.labelValue()),
        labels.add(LabelName.STATUS, Status.ERROR.labelValue()));
  }
}
