package io.kubeserve.metrics.internal;

import java.util.Arrays;

/**
 * What the cells of a model or of a stage held at one moment, added up. For one thread; {@link
 * #read} may be called again, for others of the same layout.
 */
final class CellReading {
  private final LatencyLayout layout;
  private final SlotSums sums;

  /** The counts of the slots. */
  final long[] slots;

  final long[] ended;
  long inFlight;

  /** Unsigned: what is in flight all the time, a thousand fold, still takes years to fill it. */
  long sumNanos;

  CellReading(LatencyLayout layout, int outcomes) {
    this.layout = layout;
    this.ended = new long[outcomes];
    this.sums = new SlotSums(layout.slotCount());
    this.slots = sums.counts;
  }

  CellReading read(PredictionCells cells) {
    clear();
    cells.readInto(this);
    return this;
  }

  CellReading read(StripedCells successes) {
    clear();
    add(Outcome.SUCCESS.index(), successes);
    return this;
  }

  private void clear() {
    sums.clear();
    Arrays.fill(ended, 0);
    inFlight = 0;
    sumNanos = 0;
  }

  /**
   * Adds cells.
   *
   * @param outcome the index of how what they hold ended
   * @return how many they hold
   */
  long add(int outcome, StripedCells cells) {
    long count = cells.addTo(sums);
    ended[outcome] += count;
    sumNanos += cells.sum();
    return count;
  }

  /** Returns the number of predictions that ended so. */
  long count(Outcome outcome) {
    return ended[outcome.index()];
  }

  long successes() {
    return count(Outcome.SUCCESS);
  }

  long ended() {
    long sum = 0;
    for (long count : ended) {
      sum += count;
    }
    return sum;
  }

  long errors() {
    return ended() - successes();
  }

  /** Returns the number of predictions, or {@link PredictionCells#BUSY} while any is in flight. */
  long endedIfQuiet() {
    return inFlight == 0 ? ended() : PredictionCells.BUSY;
  }

  double sumMillis() {
    return unsignedNanosToMillis(sumNanos);
  }

  static double unsignedNanosToMillis(long nanos) {
    return unsigned(nanos) / LatencyLayout.NANOS_PER_MILLI;
  }

  static long toUnsigned(double value) {
    return value < 0x1p63 ? (long) value : (long) (value - 0x1p63) ^ Long.MIN_VALUE;
  }

  static double unsigned(long value) {
    return value >= 0 ? value : (value >>> 1) * 2.0;
  }

  long[] classicCounts() {
    return layout.classicCounts(sums);
  }

  long[] nativeCounts(int schema) {
    return layout.nativeCounts(sums, schema);
  }

  long zeroCount() {
    return layout.zeroCount(slots);
  }
}
