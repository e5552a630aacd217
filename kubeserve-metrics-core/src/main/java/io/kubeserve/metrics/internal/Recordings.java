package io.kubeserve.metrics.internal;

/**
 * Where what happens to one model is written.
 *
 * @param cells every prediction
 * @param stages the times of stages
 * @param batches the sizes of batches
 * @param streams the items of streams
 * @param exemplars the traces of some predictions
 * @param classifier how the reason of an error is found
 */
public record Recordings(
    PredictionCells cells,
    StageCells stages,
    BatchCells batches,
    StreamCells streams,
    ExemplarSampler exemplars,
    ErrorClassifier classifier) {

  /**
   * Makes recordings without a prediction.
   *
   * @param layout the slots of latencies
   * @param exemplars the sampler of traces
   * @param classifier how the reason of an error is found
   * @return what is empty
   */
  public static Recordings of(
      LatencyLayout layout, ExemplarSampler exemplars, ErrorClassifier classifier) {
    return new Recordings(
        new PredictionCells(layout),
        new StageCells(layout),
        new BatchCells(),
        new StreamCells(),
        exemplars,
        classifier);
  }

  /**
   * Makes recordings that nobody shows.
   *
   * @param layout the slots of latencies
   * @return what is empty, and takes no trace
   */
  public Recordings emptyOf(LatencyLayout layout) {
    return of(layout, ExemplarSampler.never(layout), classifier);
  }

  /**
   * Adds what was recorded to other recordings. Nothing may be recorded here meanwhile.
   *
   * @param other recordings of the same layout
   */
  public void addAllTo(Recordings other) {
    cells.addAllTo(other.cells);
    stages.addAllTo(other.stages);
    batches.addAllTo(other.batches);
    streams.addAllTo(other.streams);
  }
}
