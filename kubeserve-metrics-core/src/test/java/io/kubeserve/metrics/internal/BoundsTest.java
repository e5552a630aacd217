package io.kubeserve.metrics.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bound is a double, a duration is not: the last one within a bound is found exactly. */
class BoundsTest {
  @ParameterizedTest
  @ValueSource(doubles = {1, 1e6, 1e9})
  void largestNanosWithin_besideWholeNanoseconds_isTheLastOneWithin(double nanosPerUnit) {
    DoubleStream bounds =
        IntStream.concat(IntStream.range(1, 3000), IntStream.of(999_999_999, Integer.MAX_VALUE))
            .mapToDouble(nanos -> nanos / nanosPerUnit)
            .flatMap(
                bound ->
                    DoubleStream.of(Math.nextDown(bound), bound, Math.nextUp(bound), 7 * bound));

    bounds.forEach(
        bound -> {
          long last = Bounds.largestNanosWithin(bound, nanosPerUnit);

          assertThat(last / nanosPerUnit).as("%s is within", last).isLessThanOrEqualTo(bound);
          assertThat((last + 1) / nanosPerUnit).as("%s + 1 is not", last).isGreaterThan(bound);
        });
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p53 / 1e6, 1e300})
  void largestNanosWithin_beyondWhatIsTold_isTheLongest(double millis) {
    assertThat(Bounds.largestNanosWithin(millis, 1e6)).isEqualTo(Bounds.MAX_NANOS);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.MIN_VALUE, 1e-9})
  void largestNanosWithin_lessThanANanosecond_isNothing(double millis) {
    assertThat(Bounds.largestNanosWithin(millis, 1e6)).isZero();
  }
}
