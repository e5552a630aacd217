package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/** A histogram of whole numbers that has few classic buckets and no other view. */
public final class BucketCells {
  private final BucketLayout layout;
  private final StripedCells cells;

  /**
   * Makes an empty histogram.
   *
   * @param layout its buckets
   */
  BucketCells(BucketLayout layout) {
    this.layout = layout;
    this.cells = new StripedCells(layout.count());
  }

  /**
   * Returns the number of buckets.
   *
   * @return at least 1: that of {@code +Inf}
   */
  public int bucketCount() {
    return layout.count();
  }

  /**
   * Finds a bucket.
   *
   * @param value not negative
   * @return from 0
   */
  public int bucketOf(long value) {
    return layout.indexOf(value);
  }

  /**
   * Records one value.
   *
   * @param value a negative one counts as 0
   */
  public void record(long value) {
    long recorded = Math.max(0, Math.min(value, Bounds.MAX_NANOS));
    cells.record(bucketOf(recorded), recorded);
  }

  /**
   * Records many values at once.
   *
   * @param counts how many there are in each bucket
   * @param sum their sum
   */
  public void recordAll(long[] counts, long sum) {
    cells.recordAll(counts, sum);
  }

  void addAllTo(BucketCells other) {
    cells.addAllTo(other.cells);
  }

  long createdMillis() {
    return cells.createdMillis();
  }

  HistogramDataPointSnapshot point(Labels labels) {
    SlotSums sums = new SlotSums(layout.count());
    cells.addTo(sums);
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(layout.bounds, sums.counts),
        CellReading.unsigned(cells.sum()) / layout.perUnit,
        labels,
        Exemplars.EMPTY,
        cells.createdMillis());
  }
}
