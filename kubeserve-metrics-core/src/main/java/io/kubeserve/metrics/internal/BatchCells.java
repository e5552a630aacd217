package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.internal.contract.BatchSizeBounds;
import java.util.concurrent.atomic.LongAdder;

/** The batches of one model. Safe for use by many threads. */
public final class BatchCells {
  private static final BucketLayout SIZES = new BucketLayout(BatchSizeBounds.ITEMS, 1);

  final BucketCells sizes = new BucketCells(SIZES);
  final LongAdder predictedItems = new LongAdder();

  /** Makes cells without a batch. */
  BatchCells() {}

  /**
   * Counts a batch.
   *
   * @param items its size; a negative one counts as 0
   * @param outcome how its prediction ended
   */
  public void record(int items, Outcome outcome) {
    sizes.record(items);
    if (outcome == Outcome.SUCCESS) {
      predictedItems.add(Math.max(0, items));
    }
  }

  void addAllTo(BatchCells other) {
    sizes.addAllTo(other.sizes);
    other.predictedItems.add(predictedItems.sum());
  }
}
