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

  /**
   * Finds the finest schema whose filled buckets are few enough. Buckets only fill, so a model's
   * schema only ever falls.
   */
  int schemaFor(CellReading reading) {
    for (int schema = initialSchema; schema > COARSEST_SCHEMA; schema--) {
      if (filled(reading.nativeCounts(schema)) <= maxBuckets) {
        return schema;
      }
    }
    return COARSEST_SCHEMA;
  }

  static int filled(long[] counts) {
    int filled = 0;
    for (long count : counts) {
      if (count > 0) {
        filled++;
      }
    }
    return filled;
  }
}
