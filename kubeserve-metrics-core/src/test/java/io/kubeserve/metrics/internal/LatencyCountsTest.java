package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sum that was read after the slots, and what the slots allow. */
class LatencyCountsTest {
  private static final double NANOS_PER_MILLI = 1e6;

  private final LatencyLayout layout = new LatencyLayout(new double[] {1, 5, 10});

  /** Two latencies of 3 ms and one of 7 ms. */
  private LatencyCounts counts(double sumNanos) {
    long[] slots = new long[layout.slotCount()];
    slots[layout.slotOf(3_000_000)] += 2;
    slots[layout.slotOf(7_000_000)]++;
    return new LatencyCounts(layout, slots, CellReading.toUnsigned(sumNanos));
  }

  private double least() {
    return 2.0 * layout.leastNanosOf(layout.slotOf(3_000_000))
        + layout.leastNanosOf(layout.slotOf(7_000_000));
  }

  private double most() {
    return 2.0 * layout.mostNanosOf(layout.slotOf(3_000_000))
        + layout.mostNanosOf(layout.slotOf(7_000_000));
  }

  @Test
  void sumThatTheSlotsAllow_isExact() {
    assertThat(counts(13_000_000).sumMillis()).isEqualTo(13);
    assertThat(counts(least()).sumMillis()).isEqualTo(least() / NANOS_PER_MILLI);
    assertThat(counts(most()).sumMillis()).isEqualTo(most() / NANOS_PER_MILLI);
  }

  @Test
  void sumOfMoreLatencies_isTheMostThatTheSlotsAllow() {
    assertThat(counts(20_000_000).sumMillis()).isEqualTo(most() / NANOS_PER_MILLI);
  }

  @Test
  void sumOfFewerLatencies_isTheLeastThatTheSlotsAllow() {
    assertThat(counts(6_000_000).sumMillis()).isEqualTo(least() / NANOS_PER_MILLI);
  }

  @Test
  void leastAndMost_ofASlot_areInIt_andTheirNeighboursAreNot() {
    for (int slot = 1; slot < layout.slotCount(); slot++) {
      assertThat(layout.slotOf(layout.leastNanosOf(slot))).isEqualTo(slot);
      assertThat(layout.leastNanosOf(slot)).isEqualTo(layout.mostNanosOf(slot - 1) + 1);
      assertThat(layout.slotOf(layout.mostNanosOf(slot))).isEqualTo(slot);
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1, 0x1p53, 0x1p62, 0x1p63, 0x1.8p63, 0x1.fffp63})
  void unsigned_ofToUnsigned_isTheSame(double value) {
    assertThat(CellReading.unsigned(CellReading.toUnsigned(value))).isEqualTo(value);
  }
}
