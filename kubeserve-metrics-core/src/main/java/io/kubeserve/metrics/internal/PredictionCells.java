package io.kubeserve.metrics.internal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The counts of one model: where a prediction is written, once, and every view is read from.
 *
 * <p>A bank holds the predictions of one {@link Outcome} that were either timed here, from {@link
 * #start} to {@link #finish}, or elsewhere, by {@link #record}; so the number in flight is what was
 * started less what the timed banks hold. A bank of errors is made when it is used. Its slots are
 * those of the {@link LatencyLayout}, its sum is that of the latencies.
 *
 * <p>Guarantees, for any number of threads, beside those of {@link StripedCells}:
 *
 * <ol>
 *   <li>A reader adds up each count once; all it derives from the slots agrees with itself.
 *   <li>A reader sees the start of every end that it sees: the number in flight is never negative.
 * </ol>
 */
public final class PredictionCells {
  /** In place of a count, while predictions are in flight: {@value}. */
  public static final long BUSY = -1;

  private static final VarHandle ERRORS;
  private static final VarHandle DISCARDED;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      ERRORS = lookup.findVarHandle(PredictionCells.class, "errors", AtomicReferenceArray.class);
      DISCARDED = lookup.findVarHandle(PredictionCells.class, "discarded", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LatencyLayout layout;
  private final int outcomes;
  private final StripedCells timedSuccesses;
  private final StripedCells recordedSuccesses;

  /** By outcome: those that were timed here, then the others. {@code null} without an error. */
  private volatile @Nullable AtomicReferenceArray<@Nullable StripedCells> errors;

  private volatile long discarded;
  private volatile boolean unstarted;

  /**
   * Makes the cells of one model, all at 0.
   *
   * @param layout the slots
   * @param outcomes how many there can be
   */
  public PredictionCells(LatencyLayout layout, int outcomes) {
    this.layout = layout;
    this.outcomes = outcomes;
    this.timedSuccesses = layout.newCells(StripedCells.MANY_STRIPES);
    this.recordedSuccesses = layout.newCells(StripedCells.MANY_STRIPES);
  }

  /** Counts a prediction as started; {@link #finish} or {@link #discard} must follow. */
  public void start() {
    timedSuccesses.start(1);
  }

  /** Takes back the start of a prediction that was none. */
  public void discard() {
    // Not by subtracting: a reader between two stripes could see the subtraction and not the start.
    DISCARDED.getAndAdd(this, 1L);
  }

  /**
   * Counts a prediction that was started here.
   *
   * @param outcome how it ended
   * @param nanos its latency; a negative one counts as 0
   */
  public void finish(Outcome outcome, long nanos) {
    layout.record(outcome == Outcome.SUCCESS ? timedSuccesses : errorBank(outcome.index()), nanos);
  }

  /**
   * Says that {@link #record} may be called, on any thread and at any time from now on.
   *
   * @return whether nobody had said so before
   */
  public boolean expectUnstarted() {
    if (unstarted) {
      return false;
    }
    unstarted = true;
    return true;
  }

  /**
   * Returns whether predictions may come that were never started.
   *
   * @return what {@link #expectUnstarted} has said
   */
  boolean expectsUnstarted() {
    return unstarted;
  }

  /**
   * Counts a prediction that was timed elsewhere and was never in flight here.
   *
   * @param outcome how it ended
   * @param nanos its latency; a negative one counts as 0
   */
  public void record(Outcome outcome, long nanos) {
    layout.record(
        outcome == Outcome.SUCCESS ? recordedSuccesses : errorBank(outcomes + outcome.index()),
        nanos);
  }

  /** Returns the bank of an outcome that was timed here, or, past those, elsewhere. */
  StripedCells bank(int index) {
    if (index == 0) {
      return timedSuccesses;
    }
    return index == outcomes ? recordedSuccesses : errorBank(index);
  }

  private StripedCells errorBank(int index) {
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    if (banks == null) {
      banks = newErrors();
    }
    StripedCells known = banks.get(index);
    if (known != null) {
      return known;
    }
    StripedCells fresh = layout.newCells(StripedCells.FEW_STRIPES);
    StripedCells winner = banks.compareAndExchange(index, null, fresh);
    return winner != null ? winner : fresh;
  }

  @SuppressWarnings("unchecked") // the handle knows no type argument
  private AtomicReferenceArray<@Nullable StripedCells> newErrors() {
    AtomicReferenceArray<@Nullable StripedCells> fresh = new AtomicReferenceArray<>(2 * outcomes);
    AtomicReferenceArray<@Nullable StripedCells> winner =
        (AtomicReferenceArray<@Nullable StripedCells>) ERRORS.compareAndExchange(this, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Returns when these were made, in milliseconds, as Unix counts them. */
  long createdMillis() {
    return timedSuccesses.createdMillis();
  }

  /** Returns when the first error came; {@link Long#MAX_VALUE} if none did. */
  long firstErrorMillis() {
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    long first = Long.MAX_VALUE;
    for (int index = 0; banks != null && index < banks.length(); index++) {
      StripedCells bank = banks.get(index);
      first = bank == null ? first : Math.min(first, bank.createdMillis());
    }
    return first;
  }

  /** Returns whether a thread is counting right now; see {@link StripedCells#isClaimed}. */
  boolean isClaimed() {
    boolean claimed = timedSuccesses.isClaimed() || recordedSuccesses.isClaimed();
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    for (int index = 0; banks != null && index < banks.length(); index++) {
      StripedCells bank = banks.get(index);
      claimed |= bank != null && bank.isClaimed();
    }
    return claimed;
  }

  /** Reads every cell once. */
  CellReading newReading() {
    return new CellReading(layout, outcomes).read(this);
  }

  LatencyLayout layout() {
    return layout;
  }

  /** Adds every cell up into a reading, which must have as many outcomes or more. */
  void readInto(CellReading reading) {
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    // Ends before starts: see the second guarantee.
    reading.inFlight -= reading.add(Outcome.SUCCESS.index(), timedSuccesses);
    reading.add(Outcome.SUCCESS.index(), recordedSuccesses);
    for (int index = 0; banks != null && index < banks.length(); index++) {
      StripedCells bank = banks.get(index);
      if (bank != null) {
        long ended = reading.add(index % outcomes, bank);
        reading.inFlight -= index < outcomes ? ended : 0;
      }
    }
    reading.inFlight -= discarded;
    reading.inFlight += timedSuccesses.started();
  }

  /**
   * Adds every prediction to other cells. None may be in flight here or be counted meanwhile; a
   * start that is discarded may come.
   */
  void addAllTo(PredictionCells other) {
    // First, as every start; and not those of this, of which some may be discarded yet.
    other.timedSuccesses.start(endedOfTimed());
    timedSuccesses.addAllTo(other.timedSuccesses);
    recordedSuccesses.addAllTo(other.recordedSuccesses);
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    for (int index = 0; banks != null && index < banks.length(); index++) {
      StripedCells bank = banks.get(index);
      if (bank != null) {
        bank.addAllTo(other.errorBank(index));
      }
    }
  }

  private long endedOfTimed() {
    SlotSums sums = new SlotSums(layout.slotCount());
    long ended = timedSuccesses.addTo(sums);
    AtomicReferenceArray<@Nullable StripedCells> banks = errors;
    for (int index = 0; banks != null && index < outcomes; index++) {
      StripedCells bank = banks.get(index);
      ended += bank == null ? 0 : bank.addTo(sums);
    }
    return ended;
  }
}
