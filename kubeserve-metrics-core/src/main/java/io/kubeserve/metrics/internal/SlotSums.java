package io.kubeserve.metrics.internal;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts by slot, added up over the cells that hold them. For one thread; {@link #clear} makes it
 * ready for other cells with the same slots.
 */
public final class SlotSums {
  final long[] counts;

  /** No slot outside of these two has a count. */
  private int first;

  private int end;

  /**
   * Makes sums that are 0.
   *
   * @param slots the number of slots
   */
  public SlotSums(int slots) {
    this.counts = new long[slots];
    this.first = slots;
  }

  /**
   * Returns the sums.
   *
   * @return the count of each slot; not a copy
   */
  public long[] counts() {
    return counts;
  }

  /** Returns the first slot that may have a count; {@link #end} or more if none has. */
  int first() {
    return first;
  }

  /** Returns the slot after the last one that may have a count. */
  int end() {
    return end;
  }

  /**
   * Adds other sums.
   *
   * @param other of as many slots
   */
  public void add(SlotSums other) {
    first = Math.min(first, other.first);
    end = Math.max(end, other.end);
    for (int slot = other.first; slot < other.end; slot++) {
      counts[slot] += other.counts[slot];
    }
  }

  void clear() {
    if (first < end) {
      Arrays.fill(counts, first, end, 0);
    }
    first = counts.length;
    end = 0;
  }

  /**
   * Adds a chunk of cells.
   *
   * @param firstSlot the slot of its first cell
   * @param cells the lower 32 bits of each count
   * @param carries what {@link SlotCells} keeps of the bits above; {@code null} for none
   * @return the sum of what was added
   */
  long add(int firstSlot, int[] cells, int @Nullable [] carries) {
    first = Math.min(first, firstSlot);
    end = Math.max(end, firstSlot + cells.length);
    long sum = 0;
    for (int i = 0; i < cells.length; i++) {
      long count =
          carries == null ? Integer.toUnsignedLong(cells[i]) : SlotCells.count(cells, carries, i);
      counts[firstSlot + i] += count;
      sum += count;
    }
    return sum;
  }
}
