package io.kubeserve.metrics.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The latencies of one model over a sliding window.
 *
 * <p>Nothing runs for it between readings: each reading keeps the counts of its moment, at most
 * {@value #STEPS} to a window, and subtracts those from the window's beginning. Readings consume
 * nothing, so any number of readers see the same. Safe for use by many threads.
 */
final class LatencyWindow {
  private static final int STEPS = 12;

  private final Supplier<LatencyCounts> latency;
  private final long lengthNanos;
  private final Deque<Moment> moments = new ArrayDeque<>();

  private record Moment(long nanos, LatencyCounts counts) {}

  /**
   * Makes a window that begins now.
   *
   * @param latency the latencies since the start, of which there are none yet
   * @param lengthNanos how far back it reaches
   * @param nowNanos the time
   */
  LatencyWindow(Supplier<LatencyCounts> latency, long lengthNanos, long nowNanos) {
    this.latency = latency;
    this.lengthNanos = lengthNanos;
    moments.add(new Moment(nowNanos, latency.get()));
  }

  /**
   * Reads the window.
   *
   * @param clock the time, asked once no other reader is at work: one that stalls between the look
   *     at the clock and at the cells must not find moments that are later than its own
   * @return what ended within the window and up to a {@value #STEPS}th of it before; where no
   *     reader came for longer, since the last reading
   */
  synchronized LatencyCounts read(LongSupplier clock) {
    long nowNanos = clock.getAsLong();
    LatencyCounts now = latency.get();
    while (moments.size() > 1 && nowNanos - second().nanos >= lengthNanos) {
      moments.removeFirst();
    }
    LatencyCounts window = now.since(moments.getFirst().counts);
    if (nowNanos - moments.getLast().nanos >= lengthNanos / STEPS) {
      moments.addLast(new Moment(nowNanos, now));
    }
    return window;
  }

  private Moment second() {
    var iterator = moments.iterator();
    iterator.next();
    return iterator.next();
  }
}
