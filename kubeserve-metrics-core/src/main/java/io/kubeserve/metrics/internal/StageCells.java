package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Stage;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The times that the predictions of one model spent in each stage; nothing for a stage that is not
 * used. Safe for use by many threads.
 */
public final class StageCells {
  /** The number of stages. */
  public static final int STAGES = Stage.values().length;

  private final LatencyLayout layout;
  private final AtomicReferenceArray<@Nullable PredictionCells> cells =
      new AtomicReferenceArray<>(STAGES);

  /**
   * Makes the cells of one model, without a stage.
   *
   * @param layout the slots of each stage
   */
  public StageCells(LatencyLayout layout) {
    this.layout = layout;
  }

  /**
   * Counts a prediction's time in a stage.
   *
   * @param index the stage's, by {@link #indexOf}
   * @param nanos the time; a negative one counts as 0
   */
  public void record(int index, long nanos) {
    cellsOf(index).record(Outcome.SUCCESS, nanos);
  }

  private PredictionCells cellsOf(int index) {
    @Nullable PredictionCells known = cells.get(index);
    if (known != null) {
      return known;
    }
    PredictionCells fresh = new PredictionCells(layout);
    @Nullable PredictionCells winner = cells.compareAndExchange(index, null, fresh);
    return winner != null ? winner : fresh;
  }

  void addAllTo(StageCells other) {
    for (int index = 0; index < STAGES; index++) {
      @Nullable PredictionCells known = cells.get(index);
      if (known != null) {
        known.addAllTo(other.cellsOf(index));
      }
    }
  }

  /** Returns what there is of a stage; {@code null} if it was never used. */
  @Nullable PredictionCells get(Stage stage) {
    return cells.get(indexOf(stage));
  }

  /**
   * Returns the place of a stage.
   *
   * @param stage the stage
   * @return from 0 to less than {@link #STAGES}
   */
  @SuppressWarnings("EnumOrdinal") // an index into arrays of this JVM, never kept
  public static int indexOf(Stage stage) {
    return stage.ordinal();
  }
}
