package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class NativeHistogramTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionMetricsBuilder builder = PredictionMetrics.builder().registry(registry);

  private HistogramDataPointSnapshot histogram() {
    for (MetricSnapshot family : registry.scrape()) {
      if (family instanceof HistogramSnapshot histogram) {
        return histogram.getDataPoints().get(0);
      }
    }
    throw new AssertionError("no histogram");
  }

  @Test
  void scrape_byDefault_hasClassicBucketsOnly() {
    builder.build().recorder().record(Duration.ofNanos(1), Status.SUCCESS);

    assertThat(histogram().hasNativeHistogramData()).isFalse();
  }

  @Test
  void nativeHistogram_hasBothViewsOfTheSameCounts() {
    PredictionRecorder recorder = builder.nativeHistogram(true).build().recorder();
    recorder.record(Duration.ofNanos(900), Status.SUCCESS);
    recorder.record(Duration.ofMillis(1), Status.SUCCESS);
    recorder.record(Duration.ofMillis(2), Status.ERROR);
    recorder.record(Duration.ofMillis(2), Status.SUCCESS);

    HistogramDataPointSnapshot histogram = histogram();
    assertThat(histogram.getNativeSchema()).isEqualTo(5);
    assertThat(histogram.getNativeZeroThreshold()).isEqualTo(0x1p-10);
    assertThat(histogram.getNativeZeroCount()).isEqualTo(1);
    assertThat(histogram.getNativeBucketsForPositiveValues().size()).isEqualTo(2);
    assertThat(histogram.getNativeBucketsForPositiveValues().getBucketIndex(0)).isZero();
    assertThat(histogram.getNativeBucketsForPositiveValues().getBucketIndex(1)).isEqualTo(32);
    assertThat(histogram.getNativeBucketsForPositiveValues().getCount(1)).isEqualTo(2);
    assertThat(histogram.getClassicBuckets().getCount(0)).isEqualTo(4);
    assertThat(histogram.getCount()).isEqualTo(4);
  }

  @Test
  void nativeHistogram_tooManyBuckets_becomesCoarser() {
    PredictionRecorder recorder = builder.nativeHistogram(5, 10).build().recorder();
    for (int micros = 1; micros < 1_000_000; micros += 100) {
      recorder.record(Duration.ofNanos(1000L * micros), Status.SUCCESS);
    }

    HistogramDataPointSnapshot histogram = histogram();
    assertThat(histogram.getNativeSchema()).isBetween(-4, 1);
    assertThat(histogram.getNativeBucketsForPositiveValues().size()).isBetween(1, 10);
    assertThat(histogram.getCount()).isEqualTo(10_000);
  }

  @Test
  void nativeHistogram_asManyBucketsAsThereMayBe_staysFine() {
    PredictionRecorder recorder = builder.nativeHistogram(5, 2).build().recorder();
    recorder.record(Duration.ofMillis(1), Status.SUCCESS);
    recorder.record(Duration.ofMillis(2), Status.SUCCESS);
    assertThat(histogram().getNativeSchema()).isEqualTo(5);

    recorder.record(Duration.ofMillis(4), Status.SUCCESS);
    assertThat(histogram().getNativeSchema()).isLessThan(5);
    assertThat(histogram().getNativeBucketsForPositiveValues().size()).isEqualTo(2);
  }

  /** There is no coarser one: it has more buckets than asked for. */
  @Test
  void nativeHistogram_tooManyAtTheCoarsest_staysThere() {
    PredictionRecorder recorder = builder.nativeHistogram(5, 1).build().recorder();
    recorder.record(Duration.ofNanos(500_000), Status.SUCCESS);
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.record(Duration.ofSeconds(100), Status.SUCCESS);

    assertThat(histogram().getNativeSchema()).isEqualTo(-4);
    assertThat(histogram().getNativeBucketsForPositiveValues().size()).isEqualTo(3);
  }

  @Test
  void nativeHistogram_outOfRange_saysWhatToChange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.nativeHistogram(6, 160))
        .withMessageContaining("from -4 to 5");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.nativeHistogram(-5, 160));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.nativeHistogram(5, 0))
        .withMessageContaining("at least 1");
  }
}
