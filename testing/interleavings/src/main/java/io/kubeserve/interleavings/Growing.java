package io.kubeserve.interleavings;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import io.kubeserve.metrics.internal.SlotSums;
import io.kubeserve.metrics.internal.StripeGrowth;
import io.kubeserve.metrics.internal.StripedCells;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/** Counts that meet the making of a slot, of a stripe, or of the bits above those of a cell. */
@SuppressWarnings("this-escape") // jcstress wants classes that are not final; nothing extends them
public final class Growing {
  private static final int SLOTS = 100;
  private static final int SLOT = 70;

  private Growing() {}

  /** Cells, and what their one slot counts. */
  static class Cells {
    final StripedCells cells = new StripedCells(SLOTS);

    final long count() {
      SlotSums sums = new SlotSums(SLOTS);
      cells.addTo(sums);
      return sums.counts()[SLOT];
    }

    /** Whether so many were counted, each with an amount of 1 or, before the test, of 0. */
    final String exactly(long before, int recorded) {
      return count() == before + recorded && cells.sum() == recorded ? "exact" : "lost";
    }
  }

  /** Two first counts in one slot. */
  @JCStressTest
  @Outcome(id = "exact", expect = ACCEPTABLE, desc = "Both counted in the same new cells.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "One counted in cells that were thrown away.")
  @State
  public static class FirstCounts extends Cells {
    @Actor
    public void one() {
      cells.record(SLOT, 1);
    }

    @Actor
    public void other() {
      cells.record(SLOT, 1);
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = exactly(0, 2);
    }
  }

  /** Counts of two threads, one of which makes more stripes. */
  @JCStressTest
  @Outcome(id = "exact", expect = ACCEPTABLE, desc = "Every count is in one of the stripes.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "A stripe was lost, or is read twice.")
  @State
  public static class CountAndGrow extends Cells {
    @Actor
    public void count2() {
      cells.record(SLOT, 1);
      cells.record(SLOT, 1);
    }

    @Actor
    public void grow() {
      cells.record(SLOT, 1);
      StripeGrowth.grow(cells);
      cells.record(SLOT, 1);
      StripeGrowth.grow(cells);
      cells.record(SLOT, 1);
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = exactly(0, 5);
    }
  }

  /** Two threads that both make more stripes. */
  @JCStressTest
  @Outcome(id = "exact", expect = ACCEPTABLE, desc = "Every count is in one of the stripes.")
  @Outcome(id = "lost", expect = FORBIDDEN, desc = "A stripe was lost, or is read twice.")
  @State
  public static class GrowAndGrow extends Cells {
    public GrowAndGrow() {
      cells.record(SLOT, 1);
    }

    @Actor
    public void one() {
      StripeGrowth.grow(cells);
      cells.record(SLOT, 1);
    }

    @Actor
    public void other() {
      StripeGrowth.grow(cells);
      cells.record(SLOT, 1);
    }

    @Arbiter
    public void last(L_Result result) {
      result.r1 = exactly(0, 3);
    }
  }

  /** A reader beside a thread that counts while stripes are made. */
  @JCStressTest
  @Outcome(
      id = "grows, exact",
      expect = ACCEPTABLE,
      desc = "The later reading has as much or more.")
  @Outcome(id = "falls, .*", expect = FORBIDDEN, desc = "A count was seen and then was not.")
  @Outcome(id = ".*, lost", expect = FORBIDDEN, desc = "A count is not in the last reading once.")
  @State
  public static class ReadAndGrow extends Cells {
    @Actor
    public void grow() {
      cells.record(SLOT, 1);
      StripeGrowth.grow(cells);
      cells.record(SLOT, 1);
    }

    @Actor
    public void read(LL_Result result) {
      long first = count();
      long second = count();
      result.r1 = first <= second && second <= 2 ? "grows" : "falls";
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = exactly(0, 2);
    }
  }

  /** A reader beside a count that the bits of a cell have no room for. */
  @JCStressTest
  @Outcome(id = "grows, exact", expect = ACCEPTABLE, desc = "The reader sees the count or not.")
  @Outcome(
      id = "falls, .*",
      expect = FORBIDDEN,
      desc = "The upper bits were missing, or came twice.")
  @Outcome(id = ".*, lost", expect = FORBIDDEN, desc = "The last reading is not exact.")
  @State
  public static class ReadAndCarry extends Cells {
    private static final long BEFORE = (1L << 31) - 1;

    public ReadAndCarry() {
      StripeGrowth.preset(cells, SLOT, (int) BEFORE);
    }

    @Actor
    public void count2() {
      cells.record(SLOT, 1);
      cells.record(SLOT, 1);
    }

    @Actor
    public void read(LL_Result result) {
      long first = count();
      long second = count();
      result.r1 = BEFORE <= first && first <= second && second <= BEFORE + 2 ? "grows" : "falls";
    }

    @Arbiter
    public void last(LL_Result result) {
      result.r2 = exactly(BEFORE, 2);
    }
  }
}
