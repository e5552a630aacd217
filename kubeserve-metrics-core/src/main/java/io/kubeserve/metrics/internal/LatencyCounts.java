package io.kubeserve.metrics.internal;

import java.util.Arrays;

/**
 * The latencies of one model between two moments, as counts of slots. Immutable; only the slots
 * from the first to the last filled one are kept.
 */
public final class LatencyCounts {
  /** More than the sums of doubles here are off, as a share of themselves. */
  private static final double ROUNDING = 1e-12;

  private final LatencyLayout layout;
  private final int firstSlot;
  private final long[] counts;
  private final long sumNanos;

  LatencyCounts(LatencyLayout layout, long[] slots, long sumNanos) {
    int first = 0;
    int end = slots.length;
    while (first < end && slots[first] == 0) {
      first++;
    }
    while (end > first && slots[end - 1] == 0) {
      end--;
    }
    this.layout = layout;
    this.firstSlot = first;
    this.counts = Arrays.copyOfRange(slots, first, end);
    this.sumNanos = withinSlots(sumNanos);
  }

  /**
   * Returns a sum that agrees with the slots. A reading takes the slots before the sum, and a
   * writer adds to both one after the other; so the sum may have latencies that the slots have not.
   */
  private long withinSlots(long sum) {
    double least = 0;
    double most = 0;
    for (int i = 0; i < counts.length; i++) {
      least += counts[i] * (double) layout.leastNanosOf(firstSlot + i);
      most += counts[i] * (double) layout.mostNanosOf(firstSlot + i);
    }
    double exact = CellReading.unsigned(sum);
    if (exact >= least * (1 - ROUNDING) && exact <= most * (1 + ROUNDING)) {
      return sum;
    }
    return CellReading.toUnsigned(exact < least ? least : most);
  }

  /** Receives the slots that are filled. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Receives one slot.
     *
     * @param millis a latency in the middle of the slot
     * @param count the latencies in the slot
     */
    void slot(double millis, long count);
  }

  /**
   * Counts what cells hold now.
   *
   * @param layout their layout
   * @param cells the cells
   * @return the latencies since the start
   */
  public static LatencyCounts of(LatencyLayout layout, PredictionCells cells) {
    return of(layout, cells.newReading());
  }

  static LatencyCounts of(LatencyLayout layout, CellReading reading) {
    return new LatencyCounts(layout, reading.slots, reading.sumNanos);
  }

  /**
   * Counts nothing.
   *
   * @param layout any layout
   * @return no latencies
   */
  public static LatencyCounts none(LatencyLayout layout) {
    return layout.none();
  }

  /**
   * Returns what came after an earlier count of the same cells.
   *
   * @param earlier what was counted then
   * @return the latencies since
   * @throws IllegalArgumentException if there were latencies then that there are not now
   */
  public LatencyCounts since(LatencyCounts earlier) {
    if (layout != earlier.layout) {
      throw notEarlier();
    }
    long[] slots = new long[layout.slotCount()];
    System.arraycopy(counts, 0, slots, firstSlot, counts.length);
    for (int i = 0; i < earlier.counts.length; i++) {
      slots[earlier.firstSlot + i] -= earlier.counts[i];
      if (slots[earlier.firstSlot + i] < 0) {
        throw notEarlier();
      }
    }
    return new LatencyCounts(layout, slots, sumNanos - earlier.sumNanos);
  }

  private static IllegalArgumentException notEarlier() {
    return new IllegalArgumentException(
        "The other snapshot is not an earlier one of the same model.");
  }

  /**
   * Returns the number of latencies.
   *
   * @return at least 0
   */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /**
   * Returns the sum of the latencies: exactly, unless some ended while they were read; then what
   * the slots allow.
   *
   * @return milliseconds
   */
  public double sumMillis() {
    return CellReading.unsignedNanosToMillis(sumNanos);
  }

  /**
   * Returns a quantile: the middle of the slot that holds the latency of that rank.
   *
   * @param quantile from 0 to 1
   * @return milliseconds; NaN if there are no latencies
   */
  public double quantileMillis(double quantile) {
    long rank = Math.max(1, (long) Math.ceil(quantile * count()));
    long seen = 0;
    for (int i = 0; i < counts.length; i++) {
      seen += counts[i];
      if (seen >= rank) {
        return layout.middleOf(firstSlot + i);
      }
    }
    return Double.NaN;
  }

  /**
   * Returns how many latencies are at most this long: exact at a classic bound, elsewhere by whole
   * slots; of those above the last slot, none unless {@code millis} is infinite.
   *
   * @param millis a latency in milliseconds
   * @return at most {@link #count()}
   */
  public long countAtMost(double millis) {
    long sum = 0;
    for (int i = 0; i < counts.length && layout.isAtMost(firstSlot + i, millis); i++) {
      sum += counts[i];
    }
    return sum;
  }

  /**
   * Visits the slots that are filled, from the shortest latencies up.
   *
   * @param visitor what receives them
   */
  public void forEach(Visitor visitor) {
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        visitor.slot(layout.middleOf(firstSlot + i), counts[i]);
      }
    }
  }
}
