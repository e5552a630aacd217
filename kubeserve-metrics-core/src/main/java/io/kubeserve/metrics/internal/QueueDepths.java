package io.kubeserve.metrics.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** How many predictions wait, in every queue of the server. Safe for use by many threads. */
public final class QueueDepths {
  private final List<LongSupplier> queues = new CopyOnWriteArrayList<>();

  /** Makes the depths of no queue. */
  public QueueDepths() {}

  /**
   * Adds a queue.
   *
   * @param depth how many wait in it
   */
  public void add(LongSupplier depth) {
    queues.add(depth);
  }

  /**
   * Adds up how many wait. A queue that throws, or that is negative, counts as empty.
   *
   * @return at least 0
   */
  public long sum() {
    long sum = 0;
    for (LongSupplier queue : queues) {
      sum += depthOf(queue);
    }
    return sum;
  }

  private static long depthOf(LongSupplier queue) {
    try {
      return Math.max(0, queue.getAsLong());
    } catch (Throwable foreign) {
      // A scrape with every other series is worth more than none.
      return 0;
    }
  }
}
