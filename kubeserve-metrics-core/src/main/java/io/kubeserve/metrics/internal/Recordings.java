package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Stage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Where what happens to one model is written. What only some models have, batches and streams, is
 * made when it is used. Safe for use by many threads.
 */
public final class Recordings {
  private static final VarHandle BATCHES;
  private static final VarHandle STREAMS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      BATCHES = lookup.findVarHandle(Recordings.class, "batches", BatchCells.class);
      STREAMS = lookup.findVarHandle(Recordings.class, "streams", StreamCells.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final PredictionCells cells;
  private final StageCells stages;
  private final ExemplarSampler exemplars;
  private final ErrorClassifier classifier;
  private final @Nullable Recordings whole;
  private volatile @Nullable BatchCells batches;
  private volatile @Nullable StreamCells streams;

  private Recordings(
      PredictionCells cells,
      StageCells stages,
      ExemplarSampler exemplars,
      ErrorClassifier classifier,
      @Nullable Recordings whole) {
    this.cells = cells;
    this.stages = stages;
    this.exemplars = exemplars;
    this.classifier = classifier;
    this.whole = whole;
  }

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
   * Makes these a label set of a model. Nothing may have been recorded yet.
   *
   * @param ofWhole the model's recordings without labels of the user's own
   * @return the same cells
   */
  Recordings partOf(Recordings ofWhole) {
    return new Recordings(cells, stages, exemplars, classifier, ofWhole);
  }

  /**
   * Returns where every prediction is counted.
   *
   * @return always the same
   */
  public PredictionCells cells() {
    return cells;
  }

  /**
   * Returns where the times of stages are counted.
   *
   * @return always the same
   */
  public StageCells stages() {
    return stages;
  }

  /**
   * Returns where batches are counted, which is there from now on.
   *
   * @return always the same
   */
  public BatchCells batches() {
    BatchCells known = batches;
    if (known != null) {
      return known;
    }
    BatchCells fresh = new BatchCells();
    BatchCells winner = (BatchCells) BATCHES.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Returns where batches were counted; {@code null} if there was none. */
  @Nullable BatchCells usedBatches() {
    return batches;
  }

  /**
   * Returns where streams are counted, which is there from now on.
   *
   * @return always the same
   */
  public StreamCells streams() {
    StreamCells known = streams;
    if (known != null) {
      return known;
    }
    StreamCells fresh = new StreamCells();
    StreamCells winner = (StreamCells) STREAMS.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Returns where streams were counted; {@code null} if there was none. */
  @Nullable StreamCells usedStreams() {
    return streams;
  }

  /**
   * Returns the sampler of traces.
   *
   * @return always the same
   */
  public ExemplarSampler exemplars() {
    return exemplars;
  }

  /**
   * Returns how the reason of an error is found.
   *
   * @return always the same
   */
  public ErrorClassifier classifier() {
    return classifier;
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
    BatchCells ownBatches = batches;
    if (ownBatches != null) {
      ownBatches.addAllTo(other.batches());
    }
    StreamCells ownStreams = streams;
    if (ownStreams != null) {
      ownStreams.addAllTo(other.streams());
    }
  }
}
