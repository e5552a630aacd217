package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What retired models keep is bounded, and no count of theirs is lost or counted twice. */
class RetirementTest {
  private static final int MAX_MODELS = 10;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).maxModels(MAX_MODELS).build();

  private double sum(String family) {
    Scrape scrape = Scrape.of(registry);
    return scrape.series().stream()
        .filter(series -> series.startsWith(family + "{"))
        .mapToDouble(scrape::value)
        .sum();
  }

  @Test
  void noScrape_keepsABoundedNumber_andEveryCount() {
    int versions = 5_000;
    PredictionRecorder last = metrics.recorder();
    for (int version = 0; version < versions; version++) {
      last = metrics.recorder("fraud", Integer.toString(version));
      last.timeStages(
          prediction -> {
            prediction.batchSize(3);
            ticker.advanceMillis(1);
            prediction.endStage(Stage.INFERENCE);
            return "";
          });
      try (PredictionStream stream = last.startStream()) {
        stream.item();
        stream.success();
      }
      last.model().retire();
    }

    assertThat(metrics.summary().models()).hasSizeLessThanOrEqualTo(2 * MAX_MODELS + 2);
    assertThat(last.model().latency().count()).as("the latest has series of its own").isEqualTo(2);
    assertThat(sum("prediction_latency_ms_count")).isEqualTo(2 * versions);
    assertThat(sum("predictions_total")).isEqualTo(2 * versions);
    assertThat(sum("prediction_stage_latency_ms_count")).isEqualTo(versions);
    assertThat(sum("predicted_items_total")).isEqualTo(3 * versions);
    assertThat(sum("prediction_stream_items_total")).isEqualTo(versions);
    assertThat(sum("prediction_latency_ms_sum")).isEqualTo(versions);
    assertThat(Scrape.of(registry).value("prediction_models_folded_total")).isPositive();
  }

  /** Nobody sees a prediction come that was timed elsewhere, so its model is not given away. */
  @Test
  void noScrape_timedElsewhere_staysItself() {
    PrometheusRegistry own = new PrometheusRegistry();
    PredictionMetrics one = PredictionMetrics.builder().registry(own).maxModels(1).build();
    one.recorder("elsewhere", "1").record(Duration.ofMillis(1), Status.SUCCESS);
    one.recorder("elsewhere", "1").model().retire();
    one.recorder("here", "1").run(() -> {});
    one.recorder("here", "1").model().retire();
    one.recorder("next", "1").run(() -> {});

    assertThat(one.summary().models())
        .extracting(ModelSummary::model, ModelSummary::successes)
        .containsExactlyInAnyOrder(tuple("elsewhere", 1L), tuple("other", 1L), tuple("next", 1L));
  }

  @Test
  void oneSwapASecond_scrapedEachHalfMinute_countsEachPredictionOnce() {
    double seen = 0;
    double lastOther = 0;
    for (int second = 0; second < 600; second++) {
      PredictionRecorder version = metrics.recorder("fraud", Integer.toString(second));
      version.run(() -> {});
      version.model().retire();
      ticker.advanceMillis(Duration.ofSeconds(1).toMillis());
      if (second % 30 == 29) {
        Scrape scrape = Scrape.of(registry);
        for (int recent = second - 29; recent <= second; recent++) {
          String series =
              "prediction_latency_ms_count{model=\"fraud\",version=\"%d\"}".formatted(recent);
          seen += scrape.series().contains(series) ? scrape.value(series) : 0;
        }
        double other =
            scrape.value("prediction_latency_ms_count{model=\"other\",version=\"other\"}");
        seen += other - lastOther;
        lastOther = other;
        assertThat(metrics.summary().models()).hasSizeLessThanOrEqualTo(2 * MAX_MODELS + 1);
      }
    }
    assertThat(seen).as("what increase() adds up to").isEqualTo(600);
  }

  @Test
  void shownSinceItsRetirement_makesRoomFirst_withoutAFold() {
    for (int version = 0; version < 2 * MAX_MODELS; version++) {
      PredictionRecorder old = metrics.recorder("fraud", Integer.toString(version));
      old.run(() -> {});
      old.model().retire();
      ticker.advanceMillis(1);
    }
    Scrape.of(registry);
    metrics.recorder("fraud", "next").run(() -> {});

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.text()).doesNotContain("version=\"0\"").contains("version=\"1\"");
    assertThat(scrape.value("prediction_models_folded_total")).isZero();
  }

  @Test
  void neverEndedPredictions_doNotHoldMoreThanTheBound() {
    for (int version = 0; version < 500; version++) {
      PredictionRecorder old = metrics.recorder("fraud", Integer.toString(version));
      old.start();
      old.model().retire();
    }

    assertThat(metrics.summary().models()).hasSizeLessThanOrEqualTo(2 * MAX_MODELS + 1);
    assertThat(sum("predictions_in_flight")).isEqualTo(500);
  }

  @Test
  void lateUse_ofAModelWhoseSeriesHaveGone_isShown() {
    PredictionRecorder old = metrics.recorder("fraud", "1");
    old.run(() -> {});
    old.model().retire();
    Scrape.of(registry);
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    assertThat(Scrape.of(registry).text()).doesNotContain("fraud");
    old.record(Duration.ofNanos(1), Status.SUCCESS);

    assertThat(sum("prediction_latency_ms_count")).isEqualTo(2);
    assertThat(old.model().isReady()).isFalse();
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    Scrape.of(registry);
    assertThat(Scrape.of(registry).text()).doesNotContain("fraud");
  }

  @Test
  void lateUse_whenASuccessorHasTheLabels_isCountedThere() {
    PredictionRecorder old = metrics.recorder("fraud", "1");
    old.model().retire();
    Scrape.of(registry);
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    Scrape.of(registry);
    PredictionRecorder again = metrics.recorder("fraud", "1");
    old.run(() -> {});
    again.run(() -> {});

    assertThat(again).isNotSameAs(old);
    assertThat(sum("prediction_latency_ms_count")).isEqualTo(2);
  }
}
