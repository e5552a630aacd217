package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.internal.contract.StreamBounds;
import java.util.concurrent.atomic.LongAdder;

/** The streams of one model. Safe for use by many threads. */
public final class StreamCells {
  private static final double NANOS_PER_SECOND = 1e9;

  private static final BucketLayout DURATIONS =
      new BucketLayout(StreamBounds.DURATION_SECONDS, NANOS_PER_SECOND);
  private static final BucketLayout FIRST_ITEMS =
      new BucketLayout(StreamBounds.FIRST_ITEM_SECONDS, NANOS_PER_SECOND);
  private static final BucketLayout BETWEEN_ITEMS =
      new BucketLayout(StreamBounds.BETWEEN_ITEMS_SECONDS, NANOS_PER_SECOND);

  final LongAdder items = new LongAdder();
  final BucketCells durations = new BucketCells(DURATIONS);
  final BucketCells firstItems = new BucketCells(FIRST_ITEMS);
  private final BucketCells betweenItems = new BucketCells(BETWEEN_ITEMS);

  /** Makes cells without a stream. */
  StreamCells() {}

  /** Counts an item that is on its way. */
  public void item() {
    items.increment();
  }

  /**
   * Counts the end of a stream.
   *
   * @param nanos how long it took
   */
  public void end(long nanos) {
    durations.record(nanos);
  }

  /**
   * Counts the first item of a stream that succeeded.
   *
   * @param nanos how long it took from the start
   */
  public void firstItem(long nanos) {
    firstItems.record(nanos);
  }

  /**
   * Returns the times between the items of streams that succeeded.
   *
   * @return a histogram of nanoseconds
   */
  public BucketCells betweenItems() {
    return betweenItems;
  }

  void addAllTo(StreamCells other) {
    durations.addAllTo(other.durations);
    firstItems.addAllTo(other.firstItems);
    betweenItems.addAllTo(other.betweenItems);
    other.items.add(items.sum());
  }
}
