package io.kubeserve.metrics.internal;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How many predictions wait, in every queue of the server. Safe for use by many threads. */
public final class QueueDepths {
  private final List<Entry> queues = new CopyOnWriteArrayList<>();

  /** A queue, held here or only by its users; equal to no other one. */
  private static final class Entry {
    private final @Nullable LongSupplier held;
    private final @Nullable WeakReference<LongSupplier> referred;

    Entry(@Nullable LongSupplier held, @Nullable WeakReference<LongSupplier> referred) {
      this.held = held;
      this.referred = referred;
    }

    @Nullable LongSupplier queue() {
      return referred == null ? held : referred.get();
    }
  }

  /** Makes the depths of no queue. */
  public QueueDepths() {}

  /**
   * Adds a queue.
   *
   * @param depth how many wait in it
   * @return takes the queue out again
   */
  public Runnable add(LongSupplier depth) {
    Entry entry = new Entry(depth, null);
    queues.add(entry);
    return () -> queues.remove(entry);
  }

  /**
   * Adds a queue for as long as anything else refers to it: its users, or what waits in it.
   *
   * @param queue how many wait in it
   */
  public void addWeakly(LongSupplier queue) {
    dropUnused();
    queues.add(new Entry(null, new WeakReference<>(queue)));
  }

  private void dropUnused() {
    queues.removeIf(entry -> entry.queue() == null);
  }

  /**
   * Adds up how many wait. A queue that throws, or that is negative, counts as empty.
   *
   * @return at least 0
   */
  public long sum() {
    dropUnused();
    long sum = 0;
    for (Entry entry : queues) {
      LongSupplier queue = entry.queue();
      sum += queue == null ? 0 : depthOf(queue);
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
