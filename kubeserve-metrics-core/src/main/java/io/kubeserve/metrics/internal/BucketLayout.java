package io.kubeserve.metrics.internal;

import java.util.Arrays;
import java.util.List;

/** Which bucket a whole number belongs to. Immutable, shared by every model. */
final class BucketLayout {
  /** Upper bounds, {@code +Inf} last. */
  final double[] bounds;

  /** How many of what is recorded make one unit of the bounds. */
  final double perUnit;

  private final long[] largest;

  /**
   * Lays out buckets.
   *
   * @param bounds upper bounds: ascending, positive, finite
   * @param perUnit how many of what is recorded make one unit of the bounds
   */
  BucketLayout(List<Double> bounds, double perUnit) {
    this.bounds = new double[bounds.size() + 1];
    Arrays.setAll(this.bounds, i -> i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY);
    this.largest =
        bounds.stream().mapToLong(bound -> Bounds.largestNanosWithin(bound, perUnit)).toArray();
    this.perUnit = perUnit;
  }

  /** Returns the number of buckets, that of {@code +Inf} included. */
  int count() {
    return bounds.length;
  }

  /** Finds the bucket of a number that is not negative. */
  int indexOf(long value) {
    int bucket = 0;
    while (bucket < largest.length && value > largest[bucket]) {
      bucket++;
    }
    return bucket;
  }
}
