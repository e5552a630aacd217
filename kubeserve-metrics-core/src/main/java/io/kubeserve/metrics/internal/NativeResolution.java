package io.kubeserve.metrics.internal;

/**
 * How fine a native histogram is.
 *
 * @param initialSchema the finest schema it may have, from -4 to 5
 * @param maxBuckets the number of filled buckets past which it becomes coarser, at least 1
 */
public record NativeResolution(int initialSchema, int maxBuckets) {
  /** The coarsest schema that Prometheus knows: 65,536 times wider from bucket to bucket. */
  public static final int COARSEST_SCHEMA = -4;

  /** The buckets of a native histogram above its zero bucket. */
  static final class Buckets {
    final int schema;

    /** From the first bucket above the zero bucket, the empty ones too. */
    final long[] counts;

    /** How many are not empty. */
    final int filled;

    private Buckets(int schema, long[] counts, int filled) {
      this.schema = schema;
      this.counts = counts;
      this.filled = filled;
    }
  }

  /**
   * Finds the buckets of the finest schema that fills few enough of them. Buckets only fill, so a
   * model's schema only ever falls.
   */
  Buckets bucketsOf(CellReading reading) {
    int schema = initialSchema;
    Buckets buckets = bucketsOf(reading, schema);
    while (buckets.filled > maxBuckets && schema > COARSEST_SCHEMA) {
      buckets = bucketsOf(reading, --schema);
    }
    return buckets;
  }

  private static Buckets bucketsOf(CellReading reading, int schema) {
    long[] counts = reading.nativeCounts(schema);
    int filled = 0;
    for (long count : counts) {
      if (count > 0) {
        filled++;
      }
    }
    return new Buckets(schema, counts, filled);
  }
}
