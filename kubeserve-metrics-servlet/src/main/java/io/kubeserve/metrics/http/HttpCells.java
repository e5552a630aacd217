package io.kubeserve.metrics.http;

import io.kubeserve.metrics.internal.Bounds;
import io.kubeserve.metrics.internal.StripedCells;

/**
 * The counts of one method, handler and status: where a request is written, once, and all five
 * families are read from. Its cells are three sums and a count for each bucket of the fine
 * histogram; those of the coarse one are sums of them.
 */
final class HttpCells extends StripedCells {
  /** The largest size that is told from larger ones, 1 TiB: what a client claims proves nothing. */
  static final long MAX_BYTES = 1L << 40;

  private static final int BANK = 0;
  private static final int NANOS = 0;
  private static final int REQUEST_BYTES = 1;
  private static final int RESPONSE_BYTES = 2;
  private static final int FIRST_BUCKET = 3;

  HttpCells() {
    super(1, FIRST_BUCKET + DurationBuckets.COUNT);
  }

  void record(long nanos, long requestBytes, long responseBytes) {
    long duration = clamp(nanos, Bounds.MAX_NANOS);
    long[] cells = stripe(BANK);
    add(cells, FIRST_BUCKET + DurationBuckets.indexOf(duration), 1);
    add(cells, NANOS, duration);
    if (requestBytes > 0) {
      add(cells, REQUEST_BYTES, clamp(requestBytes, MAX_BYTES));
    }
    if (responseBytes > 0) {
      add(cells, RESPONSE_BYTES, clamp(responseBytes, MAX_BYTES));
    }
  }

  private static long clamp(long value, long max) {
    return Math.max(0, Math.min(value, max));
  }

  HttpReading read() {
    HttpReading reading = new HttpReading();
    addCells(BANK, FIRST_BUCKET, reading.buckets);
    reading.nanos = sum(NANOS);
    reading.requestBytes = sum(REQUEST_BYTES);
    reading.responseBytes = sum(RESPONSE_BYTES);
    return reading;
  }
}
