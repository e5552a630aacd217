package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * Counts by slot, and the sum of the amounts that were counted. They are written either by one
 * thread at a time ({@link #addAlone}) or by any number of them ({@link #addConcurrently}), never
 * in both ways, and read by any thread.
 *
 * <p>The cells of the slots come in chunks, each allocated when something is counted in one of its
 * slots. A cell has the lower 32 bits of its count. Whenever the 32nd bit changes, the thread that
 * changed it adds 1 to the cell's <i>carry</i>, so the carry is the count's bits from the 32nd up,
 * or one less where that thread has not come to it yet; the 32nd bit itself tells which.
 */
class SlotCells extends CacheLine {
  private static final int CHUNK_BITS = 6;
  static final int CHUNK_SLOTS = 1 << CHUNK_BITS;
  private static final int LOWER_BITS = 31;

  /** What is added at once, so that no addition passes two changes of the 32nd bit. */
  private static final int MAX_STEP = 1 << (LOWER_BITS - 1);

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(int[].class);
  private static final VarHandle CHUNK = MethodHandles.arrayElementVarHandle(int[][].class);

  private static final VarHandle SUM;
  private static final VarHandle CARRIES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      SUM = lookup.findVarHandle(SlotCells.class, "sum", long.class);
      CARRIES = lookup.findVarHandle(SlotCells.class, "carries", int[][].class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // written through SUM
  private long sum;

  final int slots;

  private final int[] @Nullable [] chunks;

  /** The carries of each chunk; {@code null} until the first count reaches 2^31. */
  @SuppressWarnings("unused") // written through CARRIES
  private volatile int @Nullable [] @Nullable [] carries;

  SlotCells(int slots) {
    this.slots = slots;
    this.chunks = new int[((slots - 1) >> CHUNK_BITS) + 1][];
  }

  /** Returns the chunk of a slot, made if there is none. */
  final int[] chunk(int slot) {
    return chunk(chunks, slot);
  }

  private int[] chunk(int[] @Nullable [] of, int slot) {
    int[] chunk = (int[]) CHUNK.getAcquire(of, slot >> CHUNK_BITS);
    return chunk != null ? chunk : newChunk(of, slot >> CHUNK_BITS);
  }

  private int[] newChunk(int[] @Nullable [] of, int index) {
    int[] fresh = new int[Math.min(CHUNK_SLOTS, slots - (index << CHUNK_BITS))];
    int[] winner = (int[]) CHUNK.compareAndExchange(of, index, null, fresh);
    return winner != null ? winner : fresh;
  }

  /**
   * Counts an amount, on the only thread that writes.
   *
   * @param chunk that of the slot
   * @param slot from 0
   * @param amount not negative
   */
  final void addAlone(int[] chunk, int slot, long amount) {
    int index = slot & (CHUNK_SLOTS - 1);
    int next = chunk[index] + 1;
    // Made before anything is written, for want of memory.
    int[] carriesOfChunk = (next & Integer.MAX_VALUE) == 0 ? carries(slot) : null;
    // The sum first: a reader takes it last, and never misses an amount that it has the count of.
    SUM.setRelease(this, sum + amount);
    CELL.setRelease(chunk, index, next);
    if (carriesOfChunk != null) {
      CELL.getAndAdd(carriesOfChunk, index, 1);
    }
  }

  /**
   * Counts amounts, on any thread.
   *
   * @param slot from 0
   * @param count how many
   * @param amount their sum
   */
  final void addConcurrently(int slot, long count, long amount) {
    int[] chunk = chunk(slot);
    int index = slot & (CHUNK_SLOTS - 1);
    SUM.getAndAdd(this, amount);
    for (long rest = count; rest > 0; rest -= MAX_STEP) {
      int step = (int) Math.min(rest, MAX_STEP);
      int last = (int) CELL.getAndAdd(chunk, index, step);
      if ((last ^ (last + step)) < 0) {
        CELL.getAndAdd(carries(slot), index, 1);
      }
    }
  }

  private int[] carries(int slot) {
    int @Nullable [] @Nullable [] known = carries;
    return chunk(known != null ? known : newCarries(), slot);
  }

  private int[] @Nullable [] newCarries() {
    int[] @Nullable [] fresh = new int[chunks.length][];
    int[] @Nullable [] winner = (int[][]) CARRIES.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Reads a count: its carry first, so that the cell may be ahead and never behind. */
  static long count(int[] cells, int[] carries, int index) {
    int carry = (int) CELL.getAcquire(carries, index);
    return count(carry, cells[index]);
  }

  /** Returns the count of a cell, whose carry was read before it. */
  static long count(int carry, int cell) {
    long upperBits = (long) carry + ((carry ^ (cell >>> LOWER_BITS)) & 1);
    return (upperBits << LOWER_BITS) | (cell & Integer.MAX_VALUE);
  }

  /**
   * Adds every count to sums. Nobody who reads {@link #sum()} afterwards, or anything else that was
   * written before what this reads, misses it.
   *
   * @return how many there are
   */
  long addTo(SlotSums sums) {
    long count = 0;
    int @Nullable [] @Nullable [] known = carries;
    for (int index = 0; index < chunks.length; index++) {
      int[] chunk = (int[]) CHUNK.getAcquire(chunks, index);
      if (chunk != null) {
        int[] carriesOfChunk = known == null ? null : (int[]) CHUNK.getAcquire(known, index);
        // Plain reads, which the compiler may combine.
        count += sums.add(index << CHUNK_BITS, chunk, carriesOfChunk);
      }
    }
    VarHandle.acquireFence();
    return count;
  }

  /** Returns the sum of the amounts. */
  long sum() {
    return (long) SUM.getAcquire(this);
  }
}
