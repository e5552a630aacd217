package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BucketLayoutTest {
  private final BucketLayout layout = new BucketLayout(List.of(0.5, 2.0), 1e9);

  @Test
  void bounds_haveInfinityLast() {
    assertThat(layout.bounds).containsExactly(0.5, 2, Double.POSITIVE_INFINITY);
    assertThat(layout.count()).isEqualTo(3);
    assertThat(layout.perUnit).isEqualTo(1e9);
  }

  @Test
  void indexOf_aBound_isWithinIt() {
    assertThat(layout.indexOf(0)).isZero();
    assertThat(layout.indexOf(500_000_000)).isZero();
    assertThat(layout.indexOf(500_000_001)).isEqualTo(1);
    assertThat(layout.indexOf(2_000_000_000)).isEqualTo(1);
    assertThat(layout.indexOf(2_000_000_001)).isEqualTo(2);
    assertThat(layout.indexOf(Long.MAX_VALUE)).isEqualTo(2);
  }
}
