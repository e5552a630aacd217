package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.DurationBounds;
import io.kubeserve.metrics.internal.Bounds;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The buckets that durations are counted in: those of the fine histogram, of which the coarse one's
 * are made.
 */
final class DurationBuckets {
  static final double NANOS_PER_SECOND = 1e9;

  private static final double[] HIGHR = withInfinity(DurationBounds.HIGHR_SECONDS);
  private static final double[] BY_HANDLER = withInfinity(DurationBounds.BY_HANDLER_SECONDS);

  /** The number of buckets, that of {@code +Inf} included. */
  static final int COUNT = HIGHR.length;

  private static final long[] BOUNDS_NANOS =
      DurationBounds.HIGHR_SECONDS.stream()
          .mapToLong(bound -> Bounds.largestNanosWithin(bound, NANOS_PER_SECOND))
          .toArray();

  private DurationBuckets() {}

  private static double[] withInfinity(List<Double> bounds) {
    return DoubleStream.concat(
            bounds.stream().mapToDouble(Double::doubleValue),
            DoubleStream.of(Double.POSITIVE_INFINITY))
        .toArray();
  }

  static int indexOf(long nanos) {
    // One by one: most requests are in the first bucket or two.
    int bucket = 0;
    while (bucket < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[bucket]) {
      bucket++;
    }
    return bucket;
  }

  static ClassicHistogramBuckets highr(HttpReading reading) {
    return ClassicHistogramBuckets.of(HIGHR, reading.buckets);
  }

  static ClassicHistogramBuckets byHandler(HttpReading reading) {
    long[] counts = new long[BY_HANDLER.length];
    int coarse = 0;
    for (int fine = 0; fine < COUNT; fine++) {
      while (HIGHR[fine] > BY_HANDLER[coarse]) {
        coarse++;
      }
      counts[coarse] += reading.buckets[fine];
    }
    return ClassicHistogramBuckets.of(BY_HANDLER, counts);
  }
}
