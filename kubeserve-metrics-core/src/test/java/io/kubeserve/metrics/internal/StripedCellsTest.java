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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StripedCellsTest {
  private static final int SLOTS = 200;
  private static final long HALF = 1L << 31;
  private static final int WRITERS = 3;
  private static final int COUNTS = 5_000;

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

  /**
   * A carry that is one behind is still right, so only the second change shows one that is lost.
   */
  @ParameterizedTest
  @ValueSource(longs = {HALF - 2, 2 * HALF - 2})
  void record_claimedPastTheBitsOfACell_countsOn(long before) {
    StripeGrowth.preset(cells, 7, (int) before);
    for (int i = 1; i <= 4; i++) {
      cells.record(7, 1);

      assertThat(count(cells, 7)).isEqualTo(before + i);
    }
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
  void record_whereOneClaimIsFoundAgainAndAgain_makesNoStripe() {
    cells.record(1, 1);
    StripeGrowth.claim(cells);
    cells.record(1, 1);
    cells.record(1, 1);

    assertThat(cells.stripes()).isEqualTo(1);
  }

  @Test
  void record_whereAnotherClaimIsFoundSoon_makesAStripe() {
    meetAgainAfter(CellStripe.OFTEN_CLAIMS - 2);

    assertThat(cells.stripes()).isEqualTo(2);
  }

  @Test
  void record_whereAnotherClaimIsFoundLate_makesNoStripe() {
    meetAgainAfter(CellStripe.OFTEN_CLAIMS);

    assertThat(cells.stripes()).isEqualTo(1);
  }

  private void meetAgainAfter(int claims) {
    cells.record(1, 1);
    CellStripe stripe = cells.stripe();
    StripeGrowth.claim(stripe);
    cells.record(1, 1);
    StripeGrowth.release(stripe);
    for (int i = 0; i < claims; i++) {
      cells.record(1, 1);
    }
    StripeGrowth.claim(stripe);
    cells.record(1, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 8})
  void grow_againAndAgain_endsAtTheLimit(int maxStripes) throws Exception {
    StripedCells limited = new StripedCells(SLOTS, maxStripes);
    limited.record(1, 1);
    for (int i = 0; i < 10; i++) {
      limited.grow();
      inThreads(2 * maxStripes, () -> record(limited, 1, 1));
    }

    assertThat(limited.stripes()).isEqualTo(maxStripes);
    assertThat(count(limited, 1)).isEqualTo(1 + 10L * 2 * maxStripes);
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
    for (int round = 0; round < 200; round++) {
      StripedCells fresh = new StripedCells(SLOTS);
      // Both halves pass the bits of their cells once in each round.
      StripeGrowth.preset(fresh, 9, (int) (HALF - 1_000));
      StripeGrowth.fill(fresh, 9, HALF - 10);
      ExecutorService executor = Executors.newFixedThreadPool(WRITERS);
      try {
        List<Future<Void>> ends = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          ends.add(executor.submit(() -> countInBothHalves(fresh, 9)));
        }
        assertNeverFallsUntil(ends, fresh);
      } finally {
        executor.shutdownNow();
      }
      assertThat(count(fresh, 9)).isEqualTo(2 * HALF - 1_010 + 2L * WRITERS * COUNTS);
    }
  }

  private static void assertNeverFallsUntil(List<Future<Void>> ends, StripedCells read)
      throws Exception {
    long last = 0;
    while (!ends.stream().allMatch(Future::isDone)) {
      long now = count(read, 9);
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
    }
    for (Future<Void> end : ends) {
      end.get();
    }
  }

  private static Void countInBothHalves(StripedCells to, int slot) {
    for (int i = 0; i < COUNTS; i++) {
      to.record(slot, 1);
      StripeGrowth.fill(to, slot, 1);
      if (i == COUNTS / 2) {
        to.grow();
      }
    }
    return null;
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
