package io.kubeserve.metrics.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

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
  private final Moment start;

  /** {@code null} before the first reading. Guarded by this. */
  private @Nullable Deque<Moment> moments;

  private record Moment(long nanos, LatencyCounts counts) {}

  /**
   * Makes a window that begins now.
   *
   * @param latency the latencies since the start
   * @param none those that there are yet
   * @param lengthNanos how far back it reaches
   * @param nowNanos the time
   */
  LatencyWindow(
      Supplier<LatencyCounts> latency, LatencyCounts none, long lengthNanos, long nowNanos) {
    this.latency = latency;
    this.lengthNanos = lengthNanos;
    this.start = new Moment(nowNanos, none);
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
    if (moments == null) {
      moments = new ArrayDeque<>(List.of(start));
    }
    while (moments.size() > 1 && nowNanos - second(moments).nanos >= lengthNanos) {
      moments.removeFirst();
    }
    LatencyCounts window = now.since(moments.getFirst().counts);
    if (nowNanos - moments.getLast().nanos >= lengthNanos / STEPS) {
      moments.addLast(new Moment(nowNanos, now));
    }
    return window;
  }

  private static Moment second(Deque<Moment> moments) {
    var iterator = moments.iterator();
    iterator.next();
    return iterator.next();
  }
}
