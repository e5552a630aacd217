package io.kubeserve.metrics.internal;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The slots that latencies are counted in, and how the buckets of every view are made of them.
 *
 * <p>A slot is the interval between two neighbouring <i>edges</i>, its upper one included. The
 * edges are the boundaries of a native histogram of schema {@value #FINEST_SCHEMA} and the classic
 * bounds, together; so both views are exact sums of slots. Immutable, shared by every model of one
 * configuration, safe for use by many threads.
 *
 * <p>A latency of {@code n} nanoseconds is the number {@code n / 1e6} of milliseconds, divided as
 * doubles. Each edge is turned once into the largest whole number of nanoseconds within it, so that
 * recording compares integers only.
 */
public final class LatencyLayout {
  /** The longest latency that is told from longer ones. */
  public static final long MAX_NANOS = Bounds.MAX_NANOS;

  /** The finest resolution of the native view: 2^5 buckets for each power of two. */
  public static final int FINEST_SCHEMA = 5;

  /** The upper end of the native histogram's zero bucket, in milliseconds: about 1 µs. */
  public static final double ZERO_THRESHOLD_MILLIS = 0x1p-10;

  static final double NANOS_PER_MILLI = 1e6;

  private static final int BUCKETS_PER_OCTAVE = 1 << FINEST_SCHEMA;
  private static final int FIRST_NATIVE_INDEX = -10 * BUCKETS_PER_OCTAVE;
  private static final int LAST_NATIVE_INDEX = 22 * BUCKETS_PER_OCTAVE;

  /** The grid has 64 cells for each power of two, so a cell meets at most one native boundary. */
  private static final int GRID_BITS = 6;

  private static final int LINEAR_CELLS = 2 << GRID_BITS;

  private final double[] classicBounds;
  private final double[] edges;

  /** The largest latency of each slot; the last one has no upper edge. */
  private final long[] edgesNanos;

  private final char[] firstSlotOfCell;
  private final int[] lastSlotOfClassicBucket;
  private final int[] nativeIndexOfSlot;
  private final int lastZeroSlot;

  /** Shared by every model that has not predicted. */
  private final LatencyCounts none;

  /**
   * Lays out the slots for some classic bounds.
   *
   * @param classicBounds upper bounds in milliseconds: ascending, positive, finite
   */
  public LatencyLayout(double[] classicBounds) {
    this.classicBounds = Arrays.copyOf(classicBounds, classicBounds.length + 1);
    this.classicBounds[classicBounds.length] = Double.POSITIVE_INFINITY;
    edges =
        DoubleStream.concat(
                IntStream.rangeClosed(FIRST_NATIVE_INDEX, LAST_NATIVE_INDEX)
                    .mapToDouble(LatencyLayout::nativeBoundary),
                Arrays.stream(classicBounds))
            .sorted()
            .distinct()
            .toArray();
    edgesNanos =
        LongStream.concat(
                Arrays.stream(edges)
                    .mapToLong(edge -> Bounds.largestNanosWithin(edge, NANOS_PER_MILLI)),
                LongStream.of(Long.MAX_VALUE))
            .toArray();
    firstSlotOfCell = indexEdges(edgesNanos);
    lastSlotOfClassicBucket = new int[classicBounds.length];
    Arrays.setAll(
        lastSlotOfClassicBucket, bucket -> Arrays.binarySearch(edges, classicBounds[bucket]));
    nativeIndexOfSlot = nativeIndices(edges);
    lastZeroSlot = Arrays.binarySearch(edges, ZERO_THRESHOLD_MILLIS);
    none = new LatencyCounts(this, new long[0], 0);
  }

  /** Returns the upper boundary of a bucket of the finest schema, in milliseconds. */
  static double nativeBoundary(int index) {
    // The fraction first, so that every octave has the same 32 significands, as client_java's has.
    double fraction =
        StrictMath.pow(2, (double) Math.floorMod(index, BUCKETS_PER_OCTAVE) / BUCKETS_PER_OCTAVE);
    return Math.scalb(fraction, Math.floorDiv(index, BUCKETS_PER_OCTAVE));
  }

  private static char[] indexEdges(long[] edgesNanos) {
    char[] firstSlots = new char[cellOf(MAX_NANOS) + 1];
    int slot = 0;
    for (int cell = 0; cell < firstSlots.length; cell++) {
      long smallest = smallestNanosIn(cell);
      while (edgesNanos[slot] < smallest) {
        slot++;
      }
      firstSlots[cell] = (char) slot;
    }
    return firstSlots;
  }

  private static int[] nativeIndices(double[] edges) {
    int[] indices = new int[edges.length + 1];
    int index = FIRST_NATIVE_INDEX;
    for (int slot = 0; slot < edges.length; slot++) {
      while (index <= LAST_NATIVE_INDEX && nativeBoundary(index) < edges[slot]) {
        index++;
      }
      indices[slot] = index;
    }
    indices[edges.length] = LAST_NATIVE_INDEX + 1;
    return indices;
  }

  private static int cellOf(long nanos) {
    int shift = 64 - GRID_BITS - 1 - Long.numberOfLeadingZeros(nanos | (LINEAR_CELLS - 1));
    return (shift << GRID_BITS) + (int) (nanos >>> shift);
  }

  private static long smallestNanosIn(int cell) {
    if (cell < LINEAR_CELLS) {
      return cell;
    }
    int shift = (cell >>> GRID_BITS) - 1;
    return (long) (cell - (shift << GRID_BITS)) << shift;
  }

  /**
   * Finds the slot of a latency.
   *
   * @param nanos from 0 to {@link #MAX_NANOS}
   * @return from 0 to {@link #slotCount()} - 1
   */
  int slotOf(long nanos) {
    int slot = firstSlotOfCell[cellOf(nanos)];
    // Half of the cells have an edge: a branch about it would be guessed wrong too often.
    slot += (int) ((edgesNanos[slot] - nanos) >>> 63);
    while (nanos > edgesNanos[slot]) {
      slot++;
    }
    return slot;
  }

  /** Returns counts without a latency, always the same. */
  LatencyCounts none() {
    return none;
  }

  /** Makes cells without a latency. */
  StripedCells newCells(int maxStripes) {
    return new StripedCells(slotCount(), maxStripes);
  }

  /**
   * Records a latency.
   *
   * @param cells from {@link #newCells}
   * @param nanos what is negative counts as 0, what is above {@link #MAX_NANOS} as that
   */
  void record(StripedCells cells, long nanos) {
    long latency = Math.max(0, Math.min(nanos, MAX_NANOS));
    cells.record(slotOf(latency), latency);
  }

  /** Returns the number of slots; the last one is for what is above every edge. */
  int slotCount() {
    return edgesNanos.length;
  }

  /** Returns a latency in the middle of a slot, in milliseconds. */
  double middleOf(int slot) {
    if (slot == edges.length) {
      return edges[slot - 1];
    }
    // By ratio, so that both ends are equally far off: a native boundary is 2^(1/32) above the
    // last.
    return slot == 0 ? edges[0] / 2 : geometricMean(edges[slot - 1], edges[slot]);
  }

  private static double geometricMean(double low, double high) {
    double product = low * high;
    return product < Double.POSITIVE_INFINITY
        ? Math.sqrt(product)
        : Math.sqrt(low) * Math.sqrt(high); // the highest bound may be any number
  }

  /** Returns whether the latencies of a slot count as at most some milliseconds. */
  boolean isAtMost(int slot, double millis) {
    return slot == edges.length ? millis == Double.POSITIVE_INFINITY : middleOf(slot) <= millis;
  }

  /** Returns the shortest latency of a slot. */
  long leastNanosOf(int slot) {
    return slot == 0 ? 0 : edgesNanos[slot - 1] + 1;
  }

  /** Returns the longest latency of a slot. */
  long mostNanosOf(int slot) {
    return Math.min(edgesNanos[slot], MAX_NANOS);
  }

  /** Returns nanoseconds in milliseconds, as every bound is compared with them. */
  static double toMillis(long nanos) {
    return nanos / NANOS_PER_MILLI;
  }

  /** Finds the classic bucket of a latency, {@code +Inf} included. */
  int classicBucketOf(long nanos) {
    double millis = toMillis(nanos);
    int bucket = 0;
    while (millis > classicBounds[bucket]) {
      bucket++;
    }
    return bucket;
  }

  /** Returns the upper bounds of the classic buckets in milliseconds, with {@code +Inf}. */
  double[] classicBounds() {
    return classicBounds;
  }

  /** Adds slots up to the classic buckets; the counts are not cumulative. */
  long[] classicCounts(SlotSums slots) {
    long[] counts = new long[classicBounds.length];
    int slot = slots.first();
    for (int bucket = 0; bucket < counts.length; bucket++) {
      int end =
          bucket < lastSlotOfClassicBucket.length
              ? Math.min(lastSlotOfClassicBucket[bucket] + 1, slots.end())
              : slots.end();
      for (; slot < end; slot++) {
        counts[bucket] += slots.counts[slot];
      }
    }
    return counts;
  }

  /** Counts the latencies of at most {@link #ZERO_THRESHOLD_MILLIS}. */
  long zeroCount(long[] slots) {
    long count = 0;
    for (int slot = 0; slot <= lastZeroSlot; slot++) {
      count += slots[slot];
    }
    return count;
  }

  /**
   * Adds slots up to the buckets of a native histogram, those of the zero bucket left out.
   *
   * <p>What is above the last boundary, about 70 minutes, is in the first bucket beyond it.
   *
   * @param schema at most {@link #FINEST_SCHEMA}
   * @return bucket counts, the first of index {@link #firstNativeIndex}
   */
  long[] nativeCounts(SlotSums slots, int schema) {
    int first = firstNativeIndex(schema);
    long[] counts = new long[coarsen(LAST_NATIVE_INDEX + 1, schema) - first + 1];
    for (int slot = Math.max(lastZeroSlot + 1, slots.first()); slot < slots.end(); slot++) {
      counts[coarsen(nativeIndexOfSlot[slot], schema) - first] += slots.counts[slot];
    }
    return counts;
  }

  /** Returns the index of the first bucket above the zero bucket. */
  int firstNativeIndex(int schema) {
    return coarsen(FIRST_NATIVE_INDEX + 1, schema);
  }

  private static int coarsen(int finestIndex, int schema) {
    int shift = FINEST_SCHEMA - schema;
    return (finestIndex + (1 << shift) - 1) >> shift;
  }
}
