package io.kubeserve.metrics.internal;

import static io.kubeserve.metrics.internal.LatencyLayout.MAX_NANOS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.internal.contract.LatencyBounds;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every view of the slots against a count that knows no slots. */
class LatencyViewsTest {
  private static final int OUTCOMES = new Outcomes(List.of()).count();

  private static final double NANOS_PER_MILLI = 1e6;
  private static final long LAST_BOUNDARY_NANOS = (long) (0x1p22 * NANOS_PER_MILLI);
  private static final int ZERO = Integer.MIN_VALUE;

  static Stream<double[]> bounds() {
    return Stream.of(
        LatencyBounds.DEFAULT_MILLIS.stream().mapToDouble(Double::doubleValue).toArray(),
        // on native boundaries, just beside them, and no whole number of nanoseconds
        new double[] {
          0x1p-10, 0.5, 1, Math.nextUp(1.0), StrictMath.pow(2, 1 / 32.0), 1.1, 2, Math.nextDown(4.0)
        },
        // less than a whole number of nanoseconds once they are multiplied: 249, 251, 978
        new double[] {0.000249, 0.000251, 0.000978, 0.1, 0.3, 0.7},
        // below and above all native boundaries, and beyond what is told apart
        new double[] {1e-7, 1e-6, 2.5e-6, 1e-3, 0x1p22, 1e7, 1e9, 1e300},
        // as many as there may be, all in one cell of the grid
        DoubleStream.iterate(100, bound -> bound + 0.01).limit(64).toArray());
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void classicCounts_ofEveryEdgeAndRandomValues_areThoseOfABruteForceCount(double[] bounds) {
    CellReading reading = new CellReading(new LatencyLayout(bounds), OUTCOMES);
    long[] values = values(bounds);

    long[] counts = record(bounds, values, reading).classicCounts();

    long[] expected = new long[bounds.length + 1];
    for (long nanos : values) {
      int bucket = 0;
      while (bucket < bounds.length && nanos / NANOS_PER_MILLI > bounds[bucket]) {
        bucket++;
      }
      expected[bucket]++;
    }
    assertThat(counts).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("bounds")
  void nativeCounts_ofEveryEdgeAndRandomValues_areThoseOfABruteForceCount(double[] bounds) {
    CellReading reading = new CellReading(new LatencyLayout(bounds), OUTCOMES);
    long[] values = values(bounds);
    record(bounds, values, reading);

    for (int schema : new int[] {5, 4, 3, 0, -4}) {
      NavigableMap<Double, Integer> buckets = nativeBuckets(schema);
      Map<Integer, Long> expected = new TreeMap<>();
      for (long nanos : values) {
        expected.merge(nativeIndex(buckets, nanos, schema), 1L, Long::sum);
      }
      long zeroes = expected.getOrDefault(ZERO, 0L);
      expected.remove(ZERO);

      assertThat(reading.zeroCount()).as("zero bucket").isEqualTo(zeroes);
      assertThat(nativeView(bounds, reading, schema)).as("schema %d", schema).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 3})
  void nativeCounts_ofEveryEdgeAndRandomValues_areThoseOfClientJava(int schema) {
    double[] bounds = bounds().iterator().next();
    CellReading reading = new CellReading(new LatencyLayout(bounds), OUTCOMES);
    Histogram peer =
        Histogram.builder()
            .name("peer")
            .nativeOnly()
            .nativeInitialSchema(schema)
            .nativeMaxNumberOfBuckets(0)
            .nativeMinZeroThreshold(LatencyLayout.ZERO_THRESHOLD_MILLIS)
            .nativeMaxZeroThreshold(LatencyLayout.ZERO_THRESHOLD_MILLIS)
            .build();
    long[] values =
        Arrays.stream(values(bounds)).filter(nanos -> nanos <= LAST_BOUNDARY_NANOS).toArray();
    record(bounds, values, reading);
    Arrays.stream(values).forEach(nanos -> peer.observe(nanos / NANOS_PER_MILLI));

    HistogramDataPointSnapshot expected = peer.collect().getDataPoints().get(0);
    assertThat(expected.getNativeSchema()).isEqualTo(schema);
    assertThat(reading.zeroCount()).isEqualTo(expected.getNativeZeroCount());
    NativeHistogramBuckets buckets = expected.getNativeBucketsForPositiveValues();
    Map<Integer, Long> expectedCounts = new TreeMap<>();
    for (int i = 0; i < buckets.size(); i++) {
      if (buckets.getCount(i) > 0) {
        expectedCounts.put(buckets.getBucketIndex(i), buckets.getCount(i));
      }
    }
    assertThat(nativeView(bounds, reading, schema)).isEqualTo(expectedCounts);
  }

  @Test
  void sumMillis_isExact() {
    double[] bounds = {10};
    CellReading reading = new CellReading(new LatencyLayout(bounds), OUTCOMES);

    assertThat(record(bounds, new long[] {1, 999_999, 5_000_000}, reading).sumMillis())
        .isEqualTo(6);
  }

  @Test
  void sumMillis_pastALong_isUnsigned() {
    CellReading reading = new CellReading(new LatencyLayout(new double[] {10}), OUTCOMES);
    reading.sumNanos = Long.MIN_VALUE;

    assertThat(reading.sumMillis()).isEqualTo(0x1p63 / NANOS_PER_MILLI);
  }

  private static CellReading record(double[] bounds, long[] values, CellReading reading) {
    PredictionCells cells = new PredictionCells(new LatencyLayout(bounds), OUTCOMES);
    Arrays.stream(values).forEach(nanos -> cells.record(Outcome.SUCCESS, nanos));
    return reading.read(cells);
  }

  /** Every edge in nanoseconds with its neighbours, small numbers, and random ones of any size. */
  private static long[] values(double[] bounds) {
    LongStream edges =
        DoubleStream.concat(
                Arrays.stream(bounds),
                IntStream.rangeClosed(-330, 710).mapToDouble(i -> StrictMath.pow(2, i / 32.0)))
            .mapToLong(millis -> (long) Math.min(millis * NANOS_PER_MILLI, MAX_NANOS - 2))
            .flatMap(nanos -> LongStream.rangeClosed(nanos - 2, nanos + 2))
            .filter(nanos -> nanos >= 0);
    Random random = new Random(20_261_123);
    LongStream randoms =
        IntStream.range(0, 20_000).mapToLong(i -> random.nextLong() >>> (11 + random.nextInt(53)));
    return LongStream.concat(LongStream.concat(edges, LongStream.range(0, 300)), randoms).toArray();
  }

  private static Map<Integer, Long> nativeView(double[] bounds, CellReading reading, int schema) {
    long[] counts = reading.nativeCounts(schema);
    int first = new LatencyLayout(bounds).firstNativeIndex(schema);
    Map<Integer, Long> view = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0) {
        view.put(first + i, counts[i]);
      }
    }
    return view;
  }

  /** The buckets by their upper bounds; the zero bucket has the index {@link #ZERO}. */
  private static NavigableMap<Double, Integer> nativeBuckets(int schema) {
    double perOctave = StrictMath.pow(2, schema);
    NavigableMap<Double, Integer> buckets = new TreeMap<>();
    for (int i = (int) Math.floor(-10 * perOctave); i <= Math.ceil(22 * perOctave) + 1; i++) {
      buckets.put(StrictMath.pow(2, i / perOctave), i);
    }
    buckets.headMap(LatencyLayout.ZERO_THRESHOLD_MILLIS, true).clear();
    buckets.put(LatencyLayout.ZERO_THRESHOLD_MILLIS, ZERO);
    return buckets;
  }

  private static int nativeIndex(NavigableMap<Double, Integer> buckets, long nanos, int schema) {
    if (nanos > LAST_BOUNDARY_NANOS) {
      // documented: what is above the last boundary is in the first bucket beyond it
      return (int) Math.floor(22 * StrictMath.pow(2, schema)) + 1;
    }
    return buckets.ceilingEntry(nanos / NANOS_PER_MILLI).getValue();
  }
}
