package io.kubeserve.metrics.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongSupplier;

/**
 * The latencies of one model over a sliding window.
 *
 * <p>Nothing runs for it between readings: each reading keeps the counts of its moment, at most
 * {@value #STEPS} to a window, and subtracts those from the window's beginning. Readings consume
 * nothing, so any number of readers see the same. Safe for use by many threads.
 */
public final class LatencyWindow {
  private static final int STEPS = 12;

  private final LatencyLayout layout;
  private final PredictionCells cells;
  private final long lengthNanos;
  private final Deque<Moment> moments = new ArrayDeque<>();

  private record Moment(long nanos, LatencyCounts counts) {}

  /**
   * Makes a window that begins now.
   *
   * @param layout the layout of the cells
   * @param cells the counts of the model, just made
   * @param lengthNanos how far back it reaches
   * @param nowNanos the time
   */
  public LatencyWindow(
      LatencyLayout layout, PredictionCells cells, long lengthNanos, long nowNanos) {
    this.layout = layout;
    this.cells = cells;
    this.lengthNanos = lengthNanos;
    moments.add(new Moment(nowNanos, LatencyCounts.none(layout)));
  }

  /**
   * Reads the window.
   *
   * @param clock the time, asked once no other reader is at work: one that stalls between the look
   *     at the clock and at the cells must not find moments that are later than its own
   * @return what ended within the window and up to a {@value #STEPS}th of it before; where no
   *     reader came for longer, since the last reading
   */
  public synchronized LatencyCounts read(LongSupplier clock) {
    long nowNanos = clock.getAsLong();
    LatencyCounts now = LatencyCounts.of(layout, cells);
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
