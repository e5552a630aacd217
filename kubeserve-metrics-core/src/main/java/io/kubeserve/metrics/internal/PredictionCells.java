package io.kubeserve.metrics.internal;

/**
 * The counts of one model: where a prediction is written, once, and every view is read from.
 *
 * <p>A bank holds the predictions of one {@link Outcome} that were either timed here, from {@link
 * #start} to {@link #finish}, or elsewhere, by {@link #record}; so the number in flight is what was
 * started less what the timed banks hold. A bank takes no memory until it is used. Its cells are
 * the sum of latencies, the number started, and a count for each slot of the {@link LatencyLayout}.
 *
 * <p>Guarantees, for any number of threads, beside those of {@link StripedCells}:
 *
 * <ol>
 *   <li>A reader adds up each cell once; all it derives from the slots agrees with itself.
 *   <li>A reader sees the start of every end that it sees: the number in flight is never negative.
 * </ol>
 */
public final class PredictionCells extends StripedCells {
  /** In place of a count, while predictions are in flight: {@value}. */
  public static final long BUSY = -1;

  /** The banks of what was timed here begin with this; those of the rest follow. */
  private static final int TIMED = 0;

  private static final int SUM = 0;
  private static final int STARTED = 1;
  private static final int FIRST_SLOT = 2;

  private final LatencyLayout layout;
  private final int outcomes;
  private volatile boolean unstarted;

  /**
   * Makes the cells of one model, all at 0.
   *
   * @param layout the slots
   * @param outcomes how many there can be
   */
  public PredictionCells(LatencyLayout layout, int outcomes) {
    super(2 * outcomes, FIRST_SLOT + layout.slotCount());
    this.layout = layout;
    this.outcomes = outcomes;
  }

  /** Counts a prediction as started; {@link #finish} must follow, on any thread. */
  public void start() {
    add(stripe(TIMED), STARTED, 1);
  }

  /** Takes back the start of a prediction that was none; on the thread that started it. */
  public void discard() {
    add(stripe(TIMED), STARTED, -1); // the same cell as the start's, which is 0 again or more
  }

  /**
   * Counts a prediction that was started here.
   *
   * @param outcome how it ended
   * @param nanos its latency; a negative one counts as 0
   */
  public void finish(Outcome outcome, long nanos) {
    count(bank(TIMED, outcome), nanos);
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
    count(bank(outcomes, outcome), nanos);
  }

  private static int bank(int first, Outcome outcome) {
    // Successes without the index: loading it from the enum costs most predictions nanoseconds.
    return outcome == Outcome.SUCCESS ? first : first + outcome.index();
  }

  private void count(int bank, long nanos) {
    long latency = Math.max(0, Math.min(nanos, LatencyLayout.MAX_NANOS));
    long[] cells = stripe(bank);
    add(cells, FIRST_SLOT + layout.slotOf(latency), 1);
    add(cells, SUM, latency);
  }

  /**
   * Counts what has ended.
   *
   * @return the number of predictions, or {@link #BUSY} while any is in flight
   */
  public long endedIfQuiet() {
    return newReading().endedIfQuiet();
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
    // Ends before starts: see the second guarantee.
    long endedBefore = reading.ended();
    for (int bank = 0; bank < 2 * outcomes; bank++) {
      if (!addCells(bank, FIRST_SLOT, reading.slots)) {
        continue;
      }
      // Counted in what was read, not in the cells: those have moved on.
      long ended = reading.total() - endedBefore;
      endedBefore += ended;
      reading.ended[bank % outcomes] += ended;
      if (bank < outcomes) {
        reading.inFlight -= ended;
      }
    }
    reading.inFlight += sum(STARTED);
    reading.sumNanos += sum(SUM);
  }
}
