package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One of the stripes of {@link StripedCells}.
 *
 * <p>A thread <i>claims</i> the stripe for the few nanoseconds in which it counts, and then counts
 * with plain stores: one atomic operation in place of two. Nobody ever waits for a claim. A thread
 * that finds the stripe claimed counts atomically in its other half, which is made then; a claim
 * whose thread was suspended in the middle, or died, costs others a few nanoseconds each.
 */
final class CellStripe extends SlotCells {
  /** Threads that meet again within this many claims meet often. */
  static final int OFTEN_CLAIMS = 256;

  /** A claim changes the version when it begins and when it ends. */
  private static final int OFTEN_VERSIONS = 2 * OFTEN_CLAIMS;

  private static final VarHandle VERSION;
  private static final VarHandle STARTED;
  private static final VarHandle SHARED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      VERSION = lookup.findVarHandle(CellStripe.class, "version", int.class);
      STARTED = lookup.findVarHandle(CellStripe.class, "started", long.class);
      SHARED = lookup.findVarHandle(CellStripe.class, "shared", SlotCells.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Odd while the stripe is claimed. */
  @SuppressWarnings("unused") // written through VERSION
  private volatile int version;

  /** The version at which threads met last; not exact, since several may write it. */
  private int metAt = -OFTEN_VERSIONS;

  @SuppressWarnings("unused") // written through STARTED
  private volatile long started;

  private volatile @Nullable SlotCells shared;

  CellStripe(int slots) {
    super(slots);
  }

  /** Counts starts. */
  void start(long count) {
    STARTED.getAndAdd(this, count);
  }

  /** Returns how many starts there were. */
  long started() {
    return started;
  }

  /**
   * Counts an amount.
   *
   * @return whether threads often meet here, so that there should be more stripes
   */
  boolean record(int slot, long amount) {
    // Before the claim, which should be short.
    int[] chunk = chunk(slot);
    int seen = version();
    if (claim(seen)) {
      try {
        addAlone(chunk, slot, amount);
      } finally {
        release(seen);
      }
      return false;
    }
    return recordBeside(slot, amount, seen);
  }

  int version() {
    return (int) VERSION.getOpaque(this);
  }

  boolean claim(int seen) {
    return (seen & 1) == 0 && VERSION.compareAndSet(this, seen, seen + 1);
  }

  void release(int claimedAt) {
    VERSION.setRelease(this, claimedAt + 2);
  }

  /** Returns whether a thread is counting alone; what it counts may be partly there. */
  boolean isClaimed() {
    return (version & 1) != 0;
  }

  private boolean recordBeside(int slot, long amount, int seen) {
    shared().addConcurrently(slot, 1, amount);
    int claim = seen | 1; // also of who saw it free, and came too late
    int last = metAt;
    metAt = claim;
    // The same claim again is that of a suspended thread: nobody meets anybody.
    return claim != last && Integer.compareUnsigned(claim - last, OFTEN_VERSIONS) < 0;
  }

  /** Returns the half that any number of threads may add to. */
  SlotCells shared() {
    SlotCells known = shared;
    if (known != null) {
      return known;
    }
    SlotCells fresh = new SlotCells(slots);
    SlotCells winner = (SlotCells) SHARED.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  @Override
  long addTo(SlotSums sums) {
    SlotCells known = shared;
    return super.addTo(sums) + (known == null ? 0 : known.addTo(sums));
  }

  @Override
  long sum() {
    SlotCells known = shared;
    return super.sum() + (known == null ? 0 : known.sum());
  }
}
