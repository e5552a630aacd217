package io.kubeserve.metrics.internal;

/**
 * Where what happens to one model is written.
 *
 * @param cells every prediction
 * @param stages the times of stages
 * @param batches the sizes of batches
 * @param streams the items of streams
 * @param exemplars the traces of some predictions
 */
public record Recordings(
    PredictionCells cells,
    StageCells stages,
    BatchCells batches,
    StreamCells streams,
    ExemplarSampler exemplars) {

  /**
   * Makes recordings without a prediction.
   *
   * @param layout the slots of latencies
   * @param exemplars the sampler of traces
   * @return what is empty
   */
  public static Recordings of(LatencyLayout layout, ExemplarSampler exemplars) {
    return new Recordings(
        new PredictionCells(layout),
        new StageCells(layout),
        new BatchCells(),
        new StreamCells(),
        exemplars);
  }
}
