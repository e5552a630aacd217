package io.kubeserve.metrics.http;

import io.kubeserve.metrics.internal.Bounds;
import io.kubeserve.metrics.internal.StripedCells;
import java.util.concurrent.atomic.LongAdder;

/**
 * The counts of one method, handler and status: where a request is written, once, and all five
 * families are read from. Its slots are the buckets of the fine histogram; those of the coarse one
 * are sums of them.
 */
final class HttpCells {
  /** The largest size that is told from larger ones, 1 TiB: what a client claims proves nothing. */
  static final long MAX_BYTES = 1L << 40;

  private final StripedCells durations = new StripedCells(DurationBuckets.COUNT);
  private final LongAdder requestBytes = new LongAdder();
  private final LongAdder responseBytes = new LongAdder();

  HttpCells() {}

  void record(long nanos, long ofRequestBytes, long ofResponseBytes) {
    long duration = clamp(nanos, Bounds.MAX_NANOS);
    durations.record(DurationBuckets.indexOf(duration), duration);
    if (ofRequestBytes > 0) {
      requestBytes.add(clamp(ofRequestBytes, MAX_BYTES));
    }
    if (ofResponseBytes > 0) {
      responseBytes.add(clamp(ofResponseBytes, MAX_BYTES));
    }
  }

  private static long clamp(long value, long max) {
    return Math.max(0, Math.min(value, max));
  }

  HttpReading read() {
    HttpReading reading = new HttpReading();
    durations.addTo(reading.sums);
    reading.nanos = durations.sum();
    reading.requestBytes = requestBytes.sum();
    reading.responseBytes = responseBytes.sum();
    reading.createdMillis = durations.createdMillis();
    return reading;
  }
}
