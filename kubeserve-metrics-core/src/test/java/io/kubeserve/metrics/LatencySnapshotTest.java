package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatencySnapshotTest {
  private static final double[] QUANTILES = {0.5, 0.9, 0.95, 0.99, 0.999};
  static final int SAMPLES = 100_000;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetricsBuilder builder =
      PredictionMetrics.builder().registry(registry).ticker(ticker);
  private final PredictionRecorder recorder = builder.build().recorder();

  @Test
  void toString_hasCountAndPercentiles() {
    assertThat(recorder.model().latency()).hasToString("LatencySnapshot[count=0]");

    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.record(Duration.ofMillis(70), Status.ERROR);

    assertThat(recorder.model().latency().toString())
        .matches(
            "LatencySnapshot\\[count=2, p50=(9|10)\\.\\d\\d ms, p95=(69|70)\\.\\d\\d ms, p99=.* ms, max=(69|70)\\.\\d\\d ms]");
  }

  /** Latencies whose exact quantiles are known by sorting them. */
  enum Sample {
    LOG_NORMAL(random -> millis(60 * Math.exp(random.nextGaussian()))),
    BIMODAL(
        random ->
            millis(
                random.nextInt(10) < 8
                    ? 4 + random.nextDouble()
                    : 700 + 50 * random.nextGaussian())),
    CONSTANT(random -> millis(73));

    @SuppressWarnings("ImmutableEnumChecker") // a lambda that captures nothing
    private final ToLongFunction<Random> latency;

    Sample(ToLongFunction<Random> latency) {
      this.latency = latency;
    }

    private static long millis(double millis) {
      return (long) (millis * 1e6);
    }

    long[] sorted() {
      Random random = new Random(7);
      return LongStream.generate(() -> latency.applyAsLong(random))
          .limit(SAMPLES)
          .sorted()
          .toArray();
    }

    String title() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @ParameterizedTest
  @EnumSource
  void quantileMillis_ofASample_isWithinTheBound(Sample sample) {
    long[] sorted = sample.sorted();
    record(sorted);

    LatencySnapshot latency = recorder.model().latency();
    assertThat(latency.count()).isEqualTo(SAMPLES);
    assertThat(latency.meanMillis())
        .isCloseTo(Arrays.stream(sorted).sum() / 1e6 / SAMPLES, within(1e-9));
    for (double quantile : QUANTILES) {
      assertWithinBound(latency.quantileMillis(quantile), exact(sorted, quantile));
    }
    assertWithinBound(latency.maxMillis(), exact(sorted, 1));
    assertWithinBound(latency.quantileMillis(0), exact(sorted, 0));
  }

  @Test
  void countAtMost_aBound_isExact() {
    record(new long[] {9_999_999, 10_000_000, 10_000_001, 5_000_000_000L, 5_000_000_001L});

    LatencySnapshot latency = recorder.model().latency();
    assertThat(latency.countAtMost(0)).isZero();
    assertThat(latency.countAtMost(10)).isEqualTo(2);
    assertThat(latency.countAtMost(5000)).isEqualTo(4);
    assertThat(latency.countAtMost(Double.POSITIVE_INFINITY)).isEqualTo(5);
  }

  @Test
  void countAtMost_theTopBound_isWithoutWhatIsAboveIt() {
    double topMillis = 0x1p22;
    recorder.record(Duration.ofNanos(Math.round(topMillis * 1e6)), Status.SUCCESS);
    recorder.record(Duration.ofHours(2), Status.SUCCESS);
    LatencySnapshot latency = recorder.model().latency();

    assertThat(latency.countAtMost(topMillis)).isEqualTo(1);
    assertThat(latency.countAtMost((double) Duration.ofDays(1).toMillis())).isEqualTo(1);
    assertThat(latency.countAtMost(Double.POSITIVE_INFINITY)).isEqualTo(2);
    assertThat(latency.countAtMost(Double.NaN)).isZero();
  }

  @Test
  void countAtMost_theHighestNumberAsABound_isEverything() {
    PredictionRecorder recorder =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .bucketsMillis(10, Double.MAX_VALUE)
            .build()
            .recorder();
    recorder.record(Duration.ofMinutes(75), Status.SUCCESS);

    assertThat(recorder.model().latency().countAtMost(Double.MAX_VALUE)).isEqualTo(1);
    assertThat(recorder.model().latency().quantileMillis(0.5)).isFinite();
  }

  @Test
  void since_earlier_isWhatCameAfter() {
    record(new long[] {1_000_000, 73_000_000});
    LatencySnapshot earlier = recorder.model().latency();
    record(new long[] {73_000_000, 400_000_000});

    LatencySnapshot since = recorder.model().latency().since(earlier);
    assertThat(since.count()).isEqualTo(2);
    assertThat(since.meanMillis()).isEqualTo(236.5);
    assertWithinBound(since.maxMillis(), 400);
    assertThat(since.countAtMost(50)).isZero();
    assertThat(since.countAtMost(100)).isEqualTo(1);
    assertThat(earlier.since(earlier).count()).isZero();
  }

  @Test
  void since_notEarlier_isRefused() {
    LatencySnapshot empty = recorder.model().latency();
    record(new long[] {1_000_000});
    LatencySnapshot other =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .bucketsMillis(1, 2)
            .build()
            .recorder()
            .model()
            .latency();

    for (LatencySnapshot later : new LatencySnapshot[] {recorder.model().latency(), other}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> empty.since(later))
          .withMessage("The other snapshot is not an earlier one of the same model.");
    }
  }

  /** Of one configuration, as many latencies, but others. */
  @Test
  void since_anotherModels_isRefused() {
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(new PrometheusRegistry()).build();
    PredictionRecorder fraud = metrics.recorder("fraud", "1");
    PredictionRecorder churn = metrics.recorder("churn", "1");
    for (long millis : new long[] {1, 400}) {
      fraud.record(Duration.ofMillis(millis), Status.SUCCESS);
    }
    for (long millis : new long[] {1, 1, 70}) {
      churn.record(Duration.ofMillis(millis), Status.SUCCESS);
    }

    assertThatIllegalArgumentException()
        .isThrownBy(() -> churn.model().latency().since(fraud.model().latency()))
        .withMessageContaining("same model");
  }

  private void record(long[] nanos) {
    Arrays.stream(nanos).forEach(value -> recorder.record(Duration.ofNanos(value), Status.SUCCESS));
  }

  private static void assertWithinBound(double actual, double exact) {
    assertThat(Math.abs(actual - exact) / exact).isLessThan(LatencySnapshot.RELATIVE_ERROR);
  }

  static double exact(long[] sorted, double quantile) {
    int rank = Math.max(1, (int) Math.ceil(quantile * sorted.length));
    return sorted[rank - 1] / 1e6;
  }

  @Test
  void latency_ofNothing_isNaN() {
    LatencySnapshot latency = recorder.model().latency();

    assertThat(latency.count()).isZero();
    assertThat(latency.meanMillis()).isNaN();
    assertThat(latency.maxMillis()).isNaN();
    assertThat(PredictionRecorder.noop().model().recentLatency().count()).isZero();
  }

  @Test
  void quantileMillis_beyondTheEdges_isTheEdge() {
    recorder.record(Duration.ofNanos(1), Status.SUCCESS);
    assertThat(recorder.model().latency().maxMillis()).isCloseTo(0, within(0.001));

    recorder.record(Duration.ofDays(2), Status.SUCCESS);
    assertThat(recorder.model().latency().maxMillis()).isEqualTo(0x1p22);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, 99, Double.NaN})
  void quantileMillis_outOfRange_saysWhatToChange(double quantile) {
    LatencySnapshot latency = recorder.model().latency();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> latency.quantileMillis(quantile))
        .withMessageContaining("is 0.99");
  }

  @Test
  void toHdrHistogram_holdsEveryLatency() {
    long[] sorted = Sample.LOG_NORMAL.sorted();
    record(sorted);

    Histogram histogram = recorder.model().latency().toHdrHistogram();

    assertThat(histogram.getTotalCount()).isEqualTo(SAMPLES);
    assertThat(histogram.getValueAtPercentile(99) / 1e6 / exact(sorted, 0.99))
        .isCloseTo(1, within(2 * LatencySnapshot.RELATIVE_ERROR));
  }

  @Nested
  class Window {
    @Test
    void recentLatency_forgetsWhatIsOlder() {
      recorder.record(Duration.ofMillis(10), Status.SUCCESS);
      for (int second = 0; second < 120; second += 5) {
        ticker.advance(Duration.ofSeconds(5));
        recorder.record(Duration.ofMillis(20), Status.ERROR);
        recorder.model().recentLatency();
      }

      assertThat(recorder.model().recentLatency().count()).isBetween(12L, 13L);
      assertThat(recorder.model().latency().count()).isEqualTo(25);
      assertWithinBound(recorder.model().recentLatency().quantileMillis(0), 20);
    }

    @Test
    void recentLatency_readTwice_isTheSame() {
      recorder.record(Duration.ofMillis(10), Status.SUCCESS);
      ticker.advance(Duration.ofSeconds(30));

      assertThat(recorder.model().recentLatency().count()).isEqualTo(1);
      assertThat(recorder.model().recentLatency().count()).isEqualTo(1);
    }

    @Test
    void recentLatency_notReadForLong_reachesToTheLastReading() {
      recorder.record(Duration.ofMillis(10), Status.SUCCESS);
      ticker.advance(Duration.ofSeconds(10));
      recorder.model().recentLatency();
      recorder.record(Duration.ofMillis(10), Status.SUCCESS);
      ticker.advance(Duration.ofHours(1));

      assertThat(recorder.model().recentLatency().count()).isEqualTo(1);
    }

    @Test
    void window_outOfRange_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.window(Duration.ZERO))
          .withMessageContaining("more than nothing");
      assertThatIllegalArgumentException().isThrownBy(() -> builder.window(Duration.ofDays(2)));
    }
  }

  @Nested
  class Gauges {
    private final PrometheusRegistry own = new PrometheusRegistry();

    private PredictionMetricsBuilder gauges(double... quantiles) {
      return PredictionMetrics.builder().registry(own).ticker(ticker).quantileGauges(quantiles);
    }

    @Test
    void scrape_twice_showsTheSameQuantiles() {
      PredictionRecorder gauged =
          gauges(0.5, 0.99).window(Duration.ofSeconds(30)).build().recorder();
      gauged.record(Duration.ofMillis(50), Status.SUCCESS);
      gauged.record(Duration.ofMillis(400), Status.SUCCESS);
      ticker.advance(Duration.ofSeconds(15));

      Scrape first = Scrape.of(own);
      assertWithinBound(first.value("prediction_latency_quantile_ms{quantile=\"0.5\"}"), 50);
      assertWithinBound(first.value("prediction_latency_quantile_ms{quantile=\"0.99\"}"), 400);
      assertWithinBound(first.value("prediction_latency_max_ms"), 400);
      assertThat(Scrape.of(own).text()).isEqualTo(first.text());
    }

    @Test
    void quantileGauges_byDefault_areAbsent() {
      recorder.record(Duration.ofNanos(1), Status.SUCCESS);

      assertThat(Scrape.of(registry).text()).doesNotContain("quantile").doesNotContain("max");
    }

    @Test
    void quantileGauges_outOfRangeOrTwice_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gauges())
          .withMessageContaining("at least one");
      assertThatIllegalArgumentException().isThrownBy(() -> gauges(99));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> gauges(0.5, 0.5))
          .withMessageContaining("must differ");
    }
  }
}
