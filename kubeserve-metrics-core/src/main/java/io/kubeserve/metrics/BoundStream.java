package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.BucketCells;
import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.Recordings;
import io.kubeserve.metrics.internal.StreamCells;

/** A stream that keeps the times of its items until it knows its outcome: one count a bucket. */
final class BoundStream extends BoundPrediction implements PredictionStream {
  private final StreamCells streams;
  private final long[] gaps;

  // Guarded by this.
  private long items;
  private long firstItemNanos;
  private long lastItemNanos;

  BoundStream(Recordings recordings, Ticker ticker) {
    super(recordings, ticker);
    this.streams = recordings.streams();
    this.gaps = new long[streams.betweenItems().bucketCount()];
  }

  @Override
  public synchronized void item() {
    if (isClosed()) {
      return;
    }
    // A clock that another thread has read later counts as standing still.
    long now = Math.max(lastItemNanos, nanosSinceStart());
    if (items == 0) {
      firstItemNanos = now;
    } else {
      gaps[streams.betweenItems().bucketOf(now - lastItemNanos)]++;
    }
    lastItemNanos = now;
    items++;
    streams.item();
  }

  @Override
  synchronized void finish(Outcome outcome) {
    streams.end(finish(outcome, lastItemNanos));
    if (outcome == Outcome.SUCCESS && items > 0) {
      BucketCells betweenItems = streams.betweenItems();
      streams.firstItem(firstItemNanos);
      betweenItems.recordAll(gaps, lastItemNanos - firstItemNanos);
    }
  }
}
