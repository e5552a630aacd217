package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;

/** A histogram of whole numbers that has few classic buckets and no other view. */
public final class BucketCells extends StripedCells {
  private static final int BANK = 0;
  private static final int SUM = 0;
  private static final int FIRST_BUCKET = 1;

  private final BucketLayout layout;

  /**
   * Makes an empty histogram.
   *
   * @param layout its buckets
   */
  BucketCells(BucketLayout layout) {
    super(1, FIRST_BUCKET + layout.count());
    this.layout = layout;
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
    long[] cells = stripe(BANK);
    add(cells, FIRST_BUCKET + bucketOf(recorded), 1);
    add(cells, SUM, recorded);
  }

  /**
   * Records many values at once.
   *
   * @param counts how many there are in each bucket
   * @param sum their sum
   */
  public void recordAll(long[] counts, long sum) {
    long[] cells = stripe(BANK);
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        add(cells, FIRST_BUCKET + bucket, counts[bucket]);
      }
    }
    add(cells, SUM, sum);
  }

  /** Returns whether anything was recorded. */
  boolean isUsed() {
    return addCells(BANK, FIRST_BUCKET, new long[layout.count()]);
  }

  HistogramDataPointSnapshot point(Labels labels) {
    long[] counts = new long[layout.count()];
    addCells(BANK, FIRST_BUCKET, counts);
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(layout.bounds, counts),
        CellReading.unsigned(sum(SUM)) / layout.perUnit,
        labels,
        Exemplars.EMPTY,
        Points.NO_CREATED_TIMESTAMP);
  }
}
