package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Stage;
import org.jspecify.annotations.Nullable;

/**
 * Where what happens to one model is written.
 *
 * @param cells every prediction
 * @param stages the times of stages
 * @param batches the sizes of batches
 * @param streams the items of streams
 * @param exemplars the traces of some predictions
 * @param classifier how the reason of an error is found
 * @param whole those of the same model that have no labels of the user's own; {@code null} if these
 *     have none
 */
public record Recordings(
    PredictionCells cells,
    StageCells stages,
    BatchCells batches,
    StreamCells streams,
    ExemplarSampler exemplars,
    ErrorClassifier classifier,
    @Nullable Recordings whole) {

  /**
   * Makes recordings without a prediction.
   *
   * @param layout the slots of latencies
   * @param exemplars the sampler of traces
   * @param classifier how the reason of an error is found
   * @param stages the stages that there can be
   * @return what is empty
   */
  public static Recordings of(
      LatencyLayout layout,
      ExemplarSampler exemplars,
      ErrorClassifier classifier,
      Declared<Stage> stages) {
    return new Recordings(
        new PredictionCells(layout, classifier.outcomes().count()),
        new StageCells(layout, stages),
        new BatchCells(),
        new StreamCells(),
        exemplars,
        classifier,
        null);
  }

  /**
   * Makes recordings that nobody shows.
   *
   * @param layout the slots of latencies
   * @return what is empty, and takes no trace
   */
  public Recordings emptyOf(LatencyLayout layout) {
    return of(layout, ExemplarSampler.never(layout), classifier, stages.stages());
  }

  /**
   * Makes these a label set of a model.
   *
   * @param ofWhole the model's recordings without labels of the user's own
   * @return the same cells
   */
  Recordings partOf(Recordings ofWhole) {
    return new Recordings(cells, stages, batches, streams, exemplars, classifier, ofWhole);
  }

  /**
   * Returns whether these are a model's recordings, or a label set of them.
   *
   * @param recordings of a model, without labels of the user's own
   * @return whether both are shown by the same series
   */
  @SuppressWarnings("ReferenceEquality") // recordings are a place, and equal to no other one
  public boolean isWithin(@Nullable Recordings recordings) {
    return this == recordings || (whole != null && whole == recordings);
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
