package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Stage;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The times that the predictions of one model spent in each stage; nothing for a stage that is not
 * used. Safe for use by many threads.
 */
public final class StageCells {
  private static final VarHandle CELLS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CELLS = lookup.findVarHandle(StageCells.class, "cells", AtomicReferenceArray.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LatencyLayout layout;
  private final Declared<Stage> stages;

  /** By the index of the stage; {@code null} before any. */
  private volatile @Nullable AtomicReferenceArray<@Nullable StripedCells> cells;

  /**
   * Makes the cells of one model, without a stage.
   *
   * @param layout the slots of each stage
   * @param stages the stages that there can be
   */
  public StageCells(LatencyLayout layout, Declared<Stage> stages) {
    this.layout = layout;
    this.stages = stages;
  }

  /**
   * Returns the stages that there can be.
   *
   * @return always the same
   */
  public Declared<Stage> stages() {
    return stages;
  }

  /**
   * Counts a prediction's time in a stage.
   *
   * @param index the stage's, by {@link Declared#indexOf}
   * @param nanos the time; a negative one counts as 0
   */
  public void record(int index, long nanos) {
    layout.record(cellsOf(index), nanos);
  }

  private StripedCells cellsOf(int index) {
    AtomicReferenceArray<@Nullable StripedCells> all = cells;
    if (all == null) {
      all = newCells();
    }
    StripedCells known = all.get(index);
    if (known != null) {
      return known;
    }
    StripedCells fresh = layout.newCells(StripedCells.FEW_STRIPES);
    StripedCells winner = all.compareAndExchange(index, null, fresh);
    return winner != null ? winner : fresh;
  }

  @SuppressWarnings("unchecked") // the handle knows no type argument
  private AtomicReferenceArray<@Nullable StripedCells> newCells() {
    AtomicReferenceArray<@Nullable StripedCells> fresh = new AtomicReferenceArray<>(stages.size());
    AtomicReferenceArray<@Nullable StripedCells> winner =
        (AtomicReferenceArray<@Nullable StripedCells>) CELLS.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  void addAllTo(StageCells other) {
    for (int index = 0; index < stages.size(); index++) {
      StripedCells known = get(index);
      if (known != null) {
        known.addAllTo(other.cellsOf(index));
      }
    }
  }

  /** Returns what there is of a stage by its index; {@code null} if it was never used. */
  @Nullable StripedCells get(int index) {
    AtomicReferenceArray<@Nullable StripedCells> all = cells;
    return all == null ? null : all.get(index);
  }
}
