package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Status;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one model: where a prediction is written, once, and every view is read from.
 *
 * <p>A bank holds the predictions of one status that were either timed here, from {@link #start} to
 * {@link #finish}, or elsewhere, by {@link #record}; so the number in flight is what was started
 * less what the two timed banks hold. A bank is split into stripes, which threads share by their
 * id; a stripe is an array of cells: the sum of latencies, the number started, and a count for each
 * slot of the {@link LatencyLayout}. It is allocated when the first thread writes to it.
 *
 * <p>Guarantees, for any number of threads:
 *
 * <ol>
 *   <li>Writing takes no lock, allocates only at the first use of a stripe, and never waits.
 *   <li>Every cell only grows. A reader that comes later sees, in every cell, at least as much.
 *   <li>A reader adds up each cell once; all it derives from the slots agrees with itself.
 *   <li>A reader sees the start of every end that it sees: the number in flight is never negative.
 * </ol>
 */
public final class PredictionCells {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final VarHandle STRIPE = MethodHandles.arrayElementVarHandle(long[][].class);

  private static final int MAX_STRIPES = 32;
  private static final int STRIPES = stripesFor(Runtime.getRuntime().availableProcessors());

  private static final int BANKS = 4;
  private static final int TIMED_SUCCESS = 0;
  private static final int TIMED_ERROR = 1;
  private static final int RECORDED_SUCCESS = 2;
  private static final int RECORDED_ERROR = 3;

  // The first cells keep a cache line's distance between a stripe and whatever lies before it.
  private static final int SUM = 8;
  private static final int STARTED = 9;
  private static final int FIRST_SLOT = 10;

  private final LatencyLayout layout;
  private final long[] @Nullable [] stripes = new long[BANKS * STRIPES][];

  /**
   * Makes the cells of one model, all at 0.
   *
   * @param layout the slots
   */
  public PredictionCells(LatencyLayout layout) {
    this.layout = layout;
  }

  private static int stripesFor(int processors) {
    int powerOfTwo = Integer.highestOneBit(Math.max(1, 4 * processors - 1));
    return Math.min(powerOfTwo, MAX_STRIPES);
  }

  /** Counts a prediction as started; {@link #finish} must follow, on any thread. */
  public void start() {
    CELL.getAndAdd(stripe(TIMED_SUCCESS), STARTED, 1L);
  }

  /**
   * Counts a prediction that was started here.
   *
   * @param status its outcome
   * @param nanos its latency; a negative one counts as 0
   */
  public void finish(Status status, long nanos) {
    add(status == Status.SUCCESS ? TIMED_SUCCESS : TIMED_ERROR, nanos);
  }

  /**
   * Counts a prediction that was timed elsewhere and was never in flight here.
   *
   * @param status its outcome
   * @param nanos its latency; a negative one counts as 0
   */
  public void record(Status status, long nanos) {
    add(status == Status.SUCCESS ? RECORDED_SUCCESS : RECORDED_ERROR, nanos);
  }

  private void add(int bank, long nanos) {
    long latency = Math.max(0, Math.min(nanos, LatencyLayout.MAX_NANOS));
    long[] cells = stripe(bank);
    CELL.getAndAdd(cells, FIRST_SLOT + layout.slotOf(latency), 1L);
    CELL.getAndAdd(cells, SUM, latency);
  }

  private long[] stripe(int bank) {
    int index = bank * STRIPES + ((int) Thread.currentThread().getId() & (STRIPES - 1));
    long[] cells = (long[]) STRIPE.getAcquire(stripes, index);
    return cells != null ? cells : allocate(index);
  }

  private long[] allocate(int index) {
    long[] fresh = new long[FIRST_SLOT + layout.slotCount()];
    long[] winner = (long[]) STRIPE.compareAndExchange(stripes, index, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Adds every cell up into a reading, which must be empty. */
  void readInto(CellReading reading) {
    // Ends before starts: see the fourth guarantee.
    long endedBefore = 0;
    for (int bank = 0; bank < BANKS; bank++) {
      if (!addSlots(bank, reading.slots)) {
        continue;
      }
      // Counted in what was read, not in the cells: those have moved on.
      long ended = reading.total() - endedBefore;
      endedBefore += ended;
      if (bank == TIMED_SUCCESS || bank == RECORDED_SUCCESS) {
        reading.successes += ended;
      } else {
        reading.errors += ended;
      }
      if (bank == TIMED_SUCCESS || bank == TIMED_ERROR) {
        reading.inFlight -= ended;
      }
    }
    for (int index = 0; index < stripes.length; index++) {
      long[] cells = (long[]) STRIPE.getAcquire(stripes, index);
      if (cells != null) {
        reading.inFlight += (long) CELL.getAcquire(cells, STARTED);
        reading.sumNanos += (long) CELL.getAcquire(cells, SUM);
      }
    }
  }

  private boolean addSlots(int bank, long[] slots) {
    boolean used = false;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      long[] cells = (long[]) STRIPE.getAcquire(stripes, bank * STRIPES + stripe);
      if (cells != null) {
        used = true;
        // Plain reads, which the compiler makes vectors of.
        for (int slot = 0; slot < slots.length; slot++) {
          slots[slot] += cells[FIRST_SLOT + slot];
        }
      }
    }
    // Keeps the plain reads before those of the starts.
    VarHandle.acquireFence();
    return used;
  }
}
