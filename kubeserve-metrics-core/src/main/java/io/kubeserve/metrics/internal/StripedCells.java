package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts by slot, and the sum of the amounts that were counted, which many threads add to and any
 * thread reads.
 *
 * <p>There is one stripe until threads often meet in it. Then there are twice as many, up to a
 * limit, which threads share by their id. A stripe is made when the first thread writes to it, and
 * has memory for the slots that were counted in it. What was counted never moves.
 *
 * <p>Guarantees, for any number of threads:
 *
 * <ol>
 *   <li>Adding takes no lock and never waits; it allocates only for what is new: a stripe, or half
 *       of it, or some of its slots.
 *   <li>Every count only grows. A reader that comes later sees, of every one, at least as much.
 *   <li>A reader that calls {@link #addTo} and then {@link #sum} or {@link #started} sees, in the
 *       second, what was added before anything it saw in the first.
 * </ol>
 */
public final class StripedCells {
  /** How many stripes there may be. More would only help threads that do nothing but count. */
  static final int MANY_STRIPES = 8;

  /** How many there may be of a stage or of a reason of errors. */
  static final int FEW_STRIPES = 2;

  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(CellStripe[].class);

  private static final VarHandle FIRST;
  private static final VarHandle STRIPES;
  private static final VarHandle MASK;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FIRST = lookup.findVarHandle(StripedCells.class, "first", CellStripe.class);
      STRIPES = lookup.findVarHandle(StripedCells.class, "stripes", CellStripe[].class);
      MASK = lookup.findVarHandle(StripedCells.class, "mask", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final int slots;
  private final int maxStripes;
  private final long createdMillis = System.currentTimeMillis();

  /** {@code null} until something is counted. */
  private volatile @Nullable CellStripe first;

  /** The first stripe and room for all others; {@code null} until there are others. */
  private volatile @Nullable CellStripe @Nullable [] stripes;

  /** The bits of a thread's id that say which stripe it writes to. */
  private volatile int mask;

  /**
   * Makes counts that are 0.
   *
   * @param slots the number of slots, at least 1
   */
  public StripedCells(int slots) {
    this(slots, MANY_STRIPES);
  }

  /**
   * Makes counts that are 0.
   *
   * @param slots the number of slots, at least 1
   * @param maxStripes a power of two
   */
  StripedCells(int slots, int maxStripes) {
    this.slots = slots;
    this.maxStripes = maxStripes;
  }

  /**
   * Returns when this was made.
   *
   * @return the time in milliseconds, as Unix counts them
   */
  public long createdMillis() {
    return createdMillis;
  }

  /**
   * Counts an amount.
   *
   * @param slot from 0
   * @param amount not negative
   */
  public void record(int slot, long amount) {
    if (stripe().record(slot, amount)) {
      grow();
    }
  }

  /**
   * Counts many amounts.
   *
   * @param counts how many there are in each slot, none negative
   * @param sum their sum
   */
  void recordAll(long[] counts, long sum) {
    SlotCells cells = stripe().shared();
    long amount = sum;
    for (int slot = 0; slot < counts.length; slot++) {
      if (counts[slot] > 0) {
        cells.addConcurrently(slot, counts[slot], amount);
        amount = 0;
      }
    }
  }

  /** Counts starts, which the slots know nothing of. */
  void start(long count) {
    stripe().start(count);
  }

  CellStripe stripe() {
    @Nullable CellStripe @Nullable [] all = stripes;
    if (all != null) {
      int index = (int) Thread.currentThread().getId() & mask;
      CellStripe stripe = (CellStripe) STRIPE.getAcquire(all, index);
      return stripe != null ? stripe : newStripe(all, index);
    }
    CellStripe only = first;
    return only != null ? only : newFirst();
  }

  private CellStripe newFirst() {
    CellStripe fresh = new CellStripe(slots);
    CellStripe winner = (CellStripe) FIRST.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  private CellStripe newStripe(@Nullable CellStripe[] all, int index) {
    CellStripe fresh = new CellStripe(slots);
    CellStripe winner = (CellStripe) STRIPE.compareAndExchange(all, index, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Returns how many stripes threads share now. */
  int stripes() {
    return mask + 1;
  }

  /** Doubles the number of stripes, unless there are as many as there may be. */
  void grow() {
    int bits = mask;
    if (bits == maxStripes - 1) {
      return;
    }
    if (stripes == null) {
      @Nullable CellStripe[] fresh = new CellStripe[maxStripes];
      fresh[0] = first;
      STRIPES.compareAndSet(this, null, fresh);
    }
    MASK.compareAndSet(this, bits, 2 * bits + 1);
  }

  /** Returns whether anything was ever counted, if only a start. */
  boolean isUsed() {
    return first != null;
  }

  /**
   * Returns whether a thread is counting right now. Who makes known that nothing is to be counted
   * any more and then asks this, misses no count: it sees the claim, or has the count in what it
   * reads afterwards, or the thread claims later and then sees what was made known.
   */
  boolean isClaimed() {
    boolean claimed = false;
    for (int index = 0; index < places(); index++) {
      CellStripe stripe = stripe(index);
      claimed |= stripe != null && stripe.isClaimed();
    }
    return claimed;
  }

  /**
   * Adds every count to sums.
   *
   * @param sums of as many slots
   * @return how many were added
   */
  public long addTo(SlotSums sums) {
    long count = 0;
    for (int index = 0; index < places(); index++) {
      CellStripe stripe = stripe(index);
      count += stripe == null ? 0 : stripe.addTo(sums);
    }
    return count;
  }

  /**
   * Returns the sum of the amounts.
   *
   * @return modulo 2^64
   */
  public long sum() {
    long sum = 0;
    for (int index = 0; index < places(); index++) {
      CellStripe stripe = stripe(index);
      sum += stripe == null ? 0 : stripe.sum();
    }
    return sum;
  }

  /** Returns how many starts were counted. */
  long started() {
    long started = 0;
    for (int index = 0; index < places(); index++) {
      CellStripe stripe = stripe(index);
      started += stripe == null ? 0 : stripe.started();
    }
    return started;
  }

  /** Returns how many stripes there may be now. */
  private int places() {
    if (stripes != null) {
      return maxStripes;
    }
    return first == null ? 0 : 1;
  }

  private @Nullable CellStripe stripe(int index) {
    @Nullable CellStripe @Nullable [] all = stripes;
    return all == null ? first : (CellStripe) STRIPE.getVolatile(all, index);
  }

  /**
   * Adds all of this but the starts to other cells. Nothing may be counted in this meanwhile.
   *
   * @param other cells with as many slots
   */
  void addAllTo(StripedCells other) {
    if (isUsed()) {
      SlotSums sums = new SlotSums(slots);
      addTo(sums);
      other.recordAll(sums.counts, sum());
    }
  }
}
