package io.kubeserve.metrics.http;

import io.kubeserve.metrics.internal.SlotSums;
import java.util.Arrays;

/** What some {@link HttpCells} held when they were read; several can be added up. */
final class HttpReading {
  private static final long NONE = Long.MAX_VALUE;

  final SlotSums sums = new SlotSums(DurationBuckets.COUNT);
  final long[] buckets = sums.counts();

  // Sums are unsigned: full after centuries of requests, or 16 million of the largest claimed size.
  long nanos;
  long requestBytes;
  long responseBytes;

  /** When the oldest of the cells was made, in milliseconds, as Unix counts them. */
  long createdMillis = NONE;

  void add(HttpReading other) {
    sums.add(other.sums);
    nanos += other.nanos;
    requestBytes += other.requestBytes;
    responseBytes += other.responseBytes;
    createdMillis = Math.min(createdMillis, other.createdMillis);
  }

  /** Returns whether there were no cells: they are made just after what has them is shown. */
  boolean isEmpty() {
    return createdMillis == NONE;
  }

  long count() {
    return Arrays.stream(buckets).sum();
  }
}
