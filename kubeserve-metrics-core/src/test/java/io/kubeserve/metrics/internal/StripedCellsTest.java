package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripedCellsTest {
  private static final int SLOTS = 200;
  private static final long HALF = 1L << 31;

  private final StripedCells cells = new StripedCells(SLOTS);

  private static long[] read(StripedCells cells) {
    SlotSums sums = new SlotSums(SLOTS);
    long count = cells.addTo(sums);
    long expected = 0;
    for (long ofSlot : sums.counts()) {
      expected += ofSlot;
    }
    assertThat(count).isEqualTo(expected);
    return sums.counts();
  }

  private static long count(StripedCells cells, int slot) {
    return read(cells)[slot];
  }

  @Test
  void isUsed_beforeAnyCount_isFalse() {
    assertThat(cells.isUsed()).isFalse();
    assertThat(read(cells)).containsOnly(0);
    assertThat(cells.sum() + cells.started()).isZero();

    cells.record(3, 5);

    assertThat(cells.isUsed()).isTrue();
  }

  @Test
  void record_inEverySlot_countsEachWhereItBelongs() {
    for (int slot = 0; slot < SLOTS; slot++) {
      for (int i = 0; i <= slot; i++) {
        cells.record(slot, 2);
      }
    }

    long[] counts = read(cells);
    for (int slot = 0; slot < SLOTS; slot++) {
      assertThat(counts[slot]).isEqualTo(slot + 1L);
    }
    assertThat(cells.sum()).isEqualTo(SLOTS * (SLOTS + 1L));
  }

  @ParameterizedTest
  @ValueSource(
      longs = {HALF - 3, HALF - 1, HALF, 2 * HALF - 3, 2 * HALF - 1, 3 * HALF - 2, 1L << 40})
  void record_pastTheBitsOfACell_countsOn(long before) {
    StripeGrowth.fill(cells, 7, before);
    for (int i = 1; i <= 5; i++) {
      StripeGrowth.fill(cells, 7, 1);

      assertThat(count(cells, 7)).isEqualTo(before + i);
    }
    assertThat(count(cells, 6) + count(cells, 8)).isZero();
  }

  @Test
  void record_claimedPastTheBitsOfACell_countsOn() {
    CellStripe stripe = new CellStripe(SLOTS);
    stripe.addConcurrently(7, HALF - 2, 0);
    for (int i = 0; i < 4; i++) {
      assertThat(stripe.record(7, 1)).isFalse();
    }

    SlotSums sums = new SlotSums(SLOTS);
    stripe.addTo(sums);
    assertThat(sums.counts()[7]).isEqualTo(HALF + 2);
  }

  @Test
  void count_whileACarryIsOnItsWay_isRightBeforeAndAfter() {
    int justPast = Integer.MIN_VALUE;

    assertThat(SlotCells.count(0, justPast)).isEqualTo(HALF);
    assertThat(SlotCells.count(1, justPast)).isEqualTo(HALF);
    assertThat(SlotCells.count(1, 0)).isEqualTo(2 * HALF);
    assertThat(SlotCells.count(2, 0)).isEqualTo(2 * HALF);
    assertThat(SlotCells.count(2, Integer.MAX_VALUE)).isEqualTo(3 * HALF - 1);
  }

  @Test
  void record_whereAClaimIsLeftBehind_countsBesideIt() {
    cells.record(1, 10);
    StripeGrowth.claim(cells);

    cells.record(1, 20);
    cells.record(100, 30);

    assertThat(count(cells, 1)).isEqualTo(2);
    assertThat(count(cells, 100)).isEqualTo(1);
    assertThat(cells.sum()).isEqualTo(60);
  }

  @Test
  void isClaimed_whileAThreadCountsInAnyStripe_isTrue() {
    assertThat(cells.isClaimed()).isFalse();
    cells.record(1, 1);
    assertThat(cells.isClaimed()).isFalse();
    StripeGrowth.grow(cells);
    StripeGrowth.claim(cells);
    assertThat(cells.isClaimed()).isTrue();

    StripeGrowth.release(cells.stripe());

    assertThat(cells.isClaimed()).isFalse();
  }

  @Test
  void record_whereOneClaimIsFoundAgainAndAgain_asksForNoStripe() {
    CellStripe stripe = new CellStripe(SLOTS);
    StripeGrowth.claim(stripe);

    assertThat(stripe.record(1, 1)).isFalse();
    assertThat(stripe.record(1, 1)).isFalse();
  }

  @Test
  void record_whereAnotherClaimIsFoundSoon_asksForAStripe() {
    CellStripe stripe = new CellStripe(SLOTS);
    StripeGrowth.claim(stripe);
    assertThat(stripe.record(1, 1)).isFalse();
    StripeGrowth.release(stripe);
    StripeGrowth.claim(stripe);

    assertThat(stripe.record(1, 1)).isTrue();
  }

  @Test
  void record_whereAnotherClaimIsFoundLate_asksForNoStripe() {
    CellStripe stripe = new CellStripe(SLOTS);
    StripeGrowth.claim(stripe);
    assertThat(stripe.record(1, 1)).isFalse();
    StripeGrowth.release(stripe);
    for (int i = 0; i < CellStripe.OFTEN; i++) {
      assertThat(stripe.record(1, 1)).isFalse();
    }
    StripeGrowth.claim(stripe);

    assertThat(stripe.record(1, 1)).isFalse();
  }

  @Test
  void addAllTo_ofCellsThatGrew_addsEveryHalfOfEveryStripe() throws Exception {
    StripeGrowth.fill(cells, 5, HALF + 1);
    cells.record(5, 3);
    StripeGrowth.grow(cells);
    inThreads(8, () -> record(cells, 5, 10));
    StripedCells other = new StripedCells(SLOTS);
    other.record(5, 4);

    cells.addAllTo(other);

    assertThat(count(other, 5)).isEqualTo(HALF + 1 + 1 + 80 + 1);
    assertThat(other.sum()).isEqualTo(3 + 80 + 4);
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void record_whileStripesAndSlotsAreMade_losesNothing() throws Exception {
    int threads = 16;
    int rounds = 2_000;
    for (int round = 0; round < 50; round++) {
      StripedCells fresh = new StripedCells(SLOTS);
      inThreads(
          threads,
          () -> {
            for (int i = 0; i < rounds; i++) {
              fresh.record(i % SLOTS, 1);
              if (i % 500 == 250) {
                StripeGrowth.grow(fresh);
              }
            }
            return null;
          });

      assertThat(fresh.sum()).isEqualTo((long) threads * rounds);
      assertThat(read(fresh)).containsOnly((long) threads * rounds / SLOTS);
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void addTo_whileCellsGrowAndCarry_neverFalls() throws Exception {
    int writers = 3;
    StripeGrowth.fill(cells, 9, HALF - 1_000);
    AtomicBoolean stopped = new AtomicBoolean();
    ExecutorService executor = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        ends.add(
            executor.submit(
                () -> {
                  while (!stopped.get()) {
                    // Past each of the first changes of the upper bit within a thousand rounds.
                    StripeGrowth.fill(cells, 9, HALF / 1_000);
                    cells.record(9, 1);
                  }
                }));
      }
      long last = 0;
      for (int i = 0; i < 200_000; i++) {
        long now = count(cells, 9);
        assertThat(now).isGreaterThanOrEqualTo(last);
        last = now;
        if (i == 100_000) {
          StripeGrowth.grow(cells);
        }
      }
      assertThat(last).isGreaterThan(4 * HALF);
      stopped.set(true);
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      stopped.set(true);
      executor.shutdown();
      assertThat(executor.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static Void record(StripedCells to, int slot, int times) {
    for (int i = 0; i < times; i++) {
      to.record(slot, 1);
    }
    return null;
  }

  private static void inThreads(int threads, Callable<Void> body) throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Void> end : executor.invokeAll(Collections.nCopies(threads, body))) {
        end.get();
      }
    } finally {
      executor.shutdownNow();
    }
  }
}
