package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts that many threads add to and any thread reads, split into stripes so that adding does not
 * wait.
 *
 * <p>A bank is a set of cells with a meaning of their own. Each bank is split into stripes, which
 * threads share by their id; a stripe is an array of cells, allocated when the first thread writes
 * to it. What a cell counts is its sum over stripes.
 *
 * <p>Guarantees, for any number of threads:
 *
 * <ol>
 *   <li>Adding takes no lock, allocates only at the first use of a stripe, and never waits.
 *   <li>Every cell only grows. A reader that comes later sees, in every cell, at least as much.
 *   <li>A reader that calls {@link #addCells} and then {@link #sum} sees, in the second, what was
 *       added before anything it saw in the first.
 * </ol>
 */
public abstract class StripedCells {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(long[][].class);

  private static final int MAX_STRIPES = 32;
  private static final int STRIPES = stripesFor(Runtime.getRuntime().availableProcessors());

  // The first cells keep a cache line's distance between a stripe and whatever lies before it.
  private static final int PADDING = 8;

  private final int cellsPerStripe;
  private final long[] @Nullable [] stripes;

  /**
   * Makes banks of cells, all at 0.
   *
   * @param banks the number of banks
   * @param cells the number of cells of each bank
   */
  protected StripedCells(int banks, int cells) {
    this.cellsPerStripe = PADDING + cells;
    this.stripes = new long[banks * STRIPES][];
  }

  private static int stripesFor(int processors) {
    int powerOfTwo = Integer.highestOneBit(Math.max(1, 4 * processors - 1));
    return Math.min(powerOfTwo, MAX_STRIPES);
  }

  /**
   * Finds the calling thread's stripe of a bank.
   *
   * @param bank from 0
   * @return for {@link #add}, at once
   */
  protected final long[] stripe(int bank) {
    int index = bank * STRIPES + ((int) Thread.currentThread().getId() & (STRIPES - 1));
    long[] cells = (long[]) STRIPE.getAcquire(stripes, index);
    return cells != null ? cells : allocate(index);
  }

  private long[] allocate(int index) {
    long[] fresh = new long[cellsPerStripe];
    long[] winner = (long[]) STRIPE.compareAndExchange(stripes, index, null, fresh);
    return winner != null ? winner : fresh;
  }

  /**
   * Adds to a cell.
   *
   * @param stripe what {@link #stripe} returned
   * @param cell from 0
   * @param amount not negative
   */
  protected static void add(long[] stripe, int cell, long amount) {
    CELL.getAndAdd(stripe, PADDING + cell, amount);
  }

  /**
   * Adds the last cells of a bank, stripe by stripe, to what is there.
   *
   * @param bank from 0
   * @param firstCell the first cell to read
   * @param sums what to add to; as many cells are read as it has elements
   * @return whether the bank was ever written to
   */
  protected final boolean addCells(int bank, int firstCell, long[] sums) {
    boolean used = false;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      long[] cells = (long[]) STRIPE.getAcquire(stripes, bank * STRIPES + stripe);
      if (cells != null) {
        used = true;
        // Plain reads, which the compiler makes vectors of.
        for (int i = 0; i < sums.length; i++) {
          sums[i] += cells[PADDING + firstCell + i];
        }
      }
    }
    // Keeps the plain reads before those of sum().
    VarHandle.acquireFence();
    return used;
  }

  /**
   * Adds every cell to another set of the same banks and cells. Nothing may be written to this
   * meanwhile.
   *
   * @param other what to add to
   */
  protected final void addAllTo(StripedCells other) {
    for (int index = 0; index < stripes.length; index++) {
      long[] cells = (long[]) STRIPE.getAcquire(stripes, index);
      if (cells != null) {
        long[] sums = other.stripe(index / STRIPES);
        for (int i = PADDING; i < cells.length; i++) {
          if (cells[i] != 0) {
            add(sums, i - PADDING, cells[i]);
          }
        }
      }
    }
  }

  /**
   * Adds a cell up over the stripes of every bank.
   *
   * @param cell from 0
   * @return its sum
   */
  protected final long sum(int cell) {
    long sum = 0;
    for (int index = 0; index < stripes.length; index++) {
      long[] cells = (long[]) STRIPE.getAcquire(stripes, index);
      if (cells != null) {
        sum += (long) CELL.getAcquire(cells, PADDING + cell);
      }
    }
    return sum;
  }
}
