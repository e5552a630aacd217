package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.List;

/** A histogram of whole numbers that has few classic buckets and no other view. */
public final class BucketCells extends StripedCells {
  private static final int BANK = 0;
  private static final int SUM = 0;
  private static final int FIRST_BUCKET = 1;

  private final double[] bounds;
  private final long[] largest;
  private final double perUnit;

  /**
   * Makes an empty histogram.
   *
   * @param bounds upper bounds: ascending, positive, finite
   * @param perUnit how many of what is recorded make one unit of the bounds
   */
  BucketCells(List<Double> bounds, double perUnit) {
    super(1, FIRST_BUCKET + bounds.size() + 1);
    this.bounds = new double[bounds.size() + 1];
    Arrays.setAll(this.bounds, i -> i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY);
    this.largest =
        bounds.stream().mapToLong(bound -> Bounds.largestNanosWithin(bound, perUnit)).toArray();
    this.perUnit = perUnit;
  }

  /**
   * Returns the number of buckets.
   *
   * @return at least 1: that of {@code +Inf}
   */
  public int bucketCount() {
    return bounds.length;
  }

  /**
   * Finds a bucket.
   *
   * @param value not negative
   * @return from 0
   */
  public int bucketOf(long value) {
    int bucket = 0;
    while (bucket < largest.length && value > largest[bucket]) {
      bucket++;
    }
    return bucket;
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
    return addCells(BANK, FIRST_BUCKET, new long[bounds.length]);
  }

  HistogramDataPointSnapshot point(Labels labels) {
    long[] counts = new long[bounds.length];
    addCells(BANK, FIRST_BUCKET, counts);
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(bounds, counts),
        sum(SUM) / perUnit,
        labels,
        Exemplars.EMPTY,
        Points.NO_CREATED_TIMESTAMP);
  }
}
