package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LatencyBounds;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The last value that each message calls accepted is accepted. */
class BuilderEdgesTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionMetricsBuilder builder = PredictionMetrics.builder().registry(registry);

  @Test
  void bucketsMillis_asManyAsThereMayBe_eachIsABucket() {
    int most = LatencyBounds.MAX_COUNT;
    double[] bounds = DoubleStream.iterate(1, bound -> bound + 1).limit(most).toArray();

    builder.bucketsMillis(bounds).build().recorder();

    assertThat(Scrape.of(registry).series())
        .filteredOn(series -> series.startsWith("prediction_latency_ms_bucket"))
        .hasSize(most + 1);
  }

  @Test
  void maxModels_one_isOne() {
    PredictionMetrics metrics = builder.maxModels(1).build();
    metrics.recorder("fraud", "1").run(() -> {});
    metrics.recorder("churn", "1").run(() -> {});

    assertThat(Scrape.of(registry).text())
        .contains("model=\"fraud\"", "model=\"other\"")
        .doesNotContain("model=\"churn\"");
  }

  @ParameterizedTest
  @ValueSource(ints = {-4, 5})
  void nativeHistogram_coarsestAndFinestSchema_areTaken(int schema) {
    builder
        .nativeHistogram(schema, 1)
        .build()
        .recorder()
        .record(Duration.ofMillis(5), Status.SUCCESS);

    assertThat(Scrape.of(registry).count()).isEqualTo(1);
  }

  @Test
  void quantileGauges_leastAndMost_areShown() {
    builder.quantileGauges(0, 1).build().recorder();

    assertThat(Scrape.of(registry).series())
        .contains(
            "prediction_latency_quantile_ms{quantile=\"0.0\"}",
            "prediction_latency_quantile_ms{quantile=\"1.0\"}");
  }

  @Test
  void window_aDay_isTaken() {
    PredictionMetrics metrics = builder.window(Duration.ofDays(1)).build();

    assertThat(metrics.summary().window()).isEqualTo(Duration.ofDays(1));
  }

  /** Only the pair is what further models share. */
  @Test
  void recorder_halfOfItsNameIsOther_isAModelLikeAny() {
    PredictionMetrics metrics = builder.maxModels(2).build();
    metrics.recorder(PredictionMetrics.OTHER, "1");
    metrics.recorder("fraud", PredictionMetrics.OTHER);
    metrics.recorder("churn", "1");

    assertThat(Scrape.of(registry).text()).doesNotContain("churn");
    assertThat(Scrape.of(registry).value("prediction_models_folded_total")).isEqualTo(1);
  }
}
