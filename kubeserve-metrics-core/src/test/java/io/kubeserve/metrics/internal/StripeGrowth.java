package io.kubeserve.metrics.internal;

/** Brings cells to where they grow, which takes luck or billions of counts otherwise. */
public final class StripeGrowth {
  private StripeGrowth() {}

  /**
   * Doubles the number of stripes, as threads do that often meet.
   *
   * @param cells what grows; something must have been counted in them
   */
  public static void grow(StripedCells cells) {
    cells.grow();
  }

  /**
   * Counts without an amount, many at once.
   *
   * @param cells where
   * @param slot in which slot
   * @param count how many
   */
  public static void fill(StripedCells cells, int slot, long count) {
    long[] counts = new long[slot + 1];
    counts[slot] = count;
    cells.recordAll(counts, 0);
  }

  /**
   * Sets a count of the half that threads claim, in which nothing was counted.
   *
   * @param cells where
   * @param slot in which slot
   * @param count what an int has room for, as unsigned
   */
  public static void preset(StripedCells cells, int slot, int count) {
    cells.stripe().chunk(slot)[slot % SlotCells.CHUNK_SLOTS] = count;
  }

  static void claim(CellStripe stripe) {
    if (!stripe.claim(stripe.version())) {
      throw new IllegalStateException("The stripe is claimed already.");
    }
  }

  static void release(CellStripe stripe) {
    stripe.release(stripe.version() - 1);
  }

  /**
   * Leaves a claim behind, as a thread does that is suspended while it counts.
   *
   * @param cells what the calling thread claims its stripe of
   */
  public static void claim(StripedCells cells) {
    claim(cells.stripe());
  }
}
