package io.kubeserve.metrics.internal;

import java.util.Arrays;

/**
 * What {@link PredictionCells} held at one moment, added up over stripes. For one thread; {@link
 * #read} may be called again, for another model of the same layout.
 */
final class CellReading {
  private final LatencyLayout layout;
  final long[] slots;
  final long[] ended = new long[Outcome.ALL.size()];
  long inFlight;

  /** Unsigned: what is in flight all the time, a thousand fold, still takes years to fill it. */
  long sumNanos;

  CellReading(LatencyLayout layout) {
    this.layout = layout;
    this.slots = new long[layout.slotCount()];
  }

  CellReading read(PredictionCells cells) {
    Arrays.fill(slots, 0);
    Arrays.fill(ended, 0);
    inFlight = 0;
    sumNanos = 0;
    cells.readInto(this);
    return this;
  }

  /** Returns the number of predictions that ended so. */
  long count(Outcome outcome) {
    return ended[outcome.index()];
  }

  long successes() {
    return count(Outcome.SUCCESS);
  }

  long errors() {
    return Arrays.stream(ended).sum() - successes();
  }

  /** Returns the number of predictions in the slots. */
  long total() {
    long total = 0;
    for (long count : slots) {
      total += count;
    }
    return total;
  }

  double sumMillis() {
    return unsignedNanosToMillis(sumNanos);
  }

  static double unsignedNanosToMillis(long nanos) {
    return (nanos >= 0 ? nanos : (nanos >>> 1) * 2.0) / LatencyLayout.NANOS_PER_MILLI;
  }

  long[] classicCounts() {
    return layout.classicCounts(slots);
  }

  long[] nativeCounts(int schema) {
    return layout.nativeCounts(slots, schema);
  }

  long zeroCount() {
    return layout.zeroCount(slots);
  }
}
