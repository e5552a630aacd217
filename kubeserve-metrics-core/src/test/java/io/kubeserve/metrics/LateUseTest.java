package io.kubeserve.metrics;

import static io.kubeserve.metrics.Loads.fail;
import static io.kubeserve.metrics.Loads.succeed;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** A recorder that somebody still uses after its series have gone. */
class LateUseTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).maxModels(1).build();

  private double count(String model, String version) {
    return Scrape.of(registry)
        .value(
            "prediction_latency_ms_count{model=\"%s\",version=\"%s\"}".formatted(model, version));
  }

  private void scrapeUntilRetiredOnesHaveGone() {
    Scrape.of(registry);
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    Scrape.of(registry);
  }

  private PredictionRecorder gone() {
    PredictionRecorder gone = metrics.recorder("gone", "1");
    gone.model().retire();
    scrapeUntilRetiredOnesHaveGone();
    return gone;
  }

  @Test
  @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD) // else it looks for a place forever
  void metricsAreClosed_recordsInVain() {
    PredictionRecorder gone = gone();
    metrics.unregister();

    gone.run(() -> {});
    gone.record(Duration.ofNanos(1), Status.SUCCESS);
    assertThat(Scrape.of(registry).text()).doesNotContain("gone");
  }

  @Test
  void noRoom_isCountedInOther() {
    PredictionRecorder gone = gone();
    PredictionRecorder busy = metrics.recorder("busy", "1");
    busy.start();
    busy.model().retire();
    metrics.recorder("serves", "1");

    gone.run(() -> {});
    gone.record(Duration.ofNanos(1), Status.SUCCESS);
    assertThat(count("other", "other")).isEqualTo(2);
    assertThat(Scrape.of(registry).text()).doesNotContain("gone");
  }

  @Test
  void othersThatAreRetired_makeRoom() {
    PredictionRecorder gone = gone();
    PredictionRecorder quiet = metrics.recorder("quiet", "1");
    quiet.model().retire();
    metrics.recorder("serves", "1");
    Scrape.of(registry);

    gone.run(() -> {});
    assertThat(count("gone", "1")).isEqualTo(1);
    assertThat(Scrape.of(registry).text()).doesNotContain("model=\"quiet\"", "{model=\"other\"");
    assertThat(metrics.summary().models()).hasSize(2);
  }

  /** Its series may stay for as long as anybody else's that is retired. */
  @Test
  void shownAgain_staysForItsTwoMinutes() {
    PredictionRecorder gone = gone();
    gone.run(() -> {});
    ticker.advanceMillis(Duration.ofMinutes(2).toMillis() - 1);
    Scrape.of(registry);
    Scrape.of(registry);
    assertThat(count("gone", "1")).isEqualTo(1);

    ticker.advanceMillis(1);
    Scrape.of(registry);
    assertThat(Scrape.of(registry).text()).doesNotContain("gone");
  }

  @Test
  void seriesGoWhileItLoads_areThereOnceItIsLoaded() {
    PredictionRecorder recorder = metrics.recorder("slow", "1");
    recorder
        .model()
        .load(
            () -> {
              recorder.model().retire();
              scrapeUntilRetiredOnesHaveGone();
              assertThat(Scrape.of(registry).text()).doesNotContain("slow");
              return "model";
            });

    assertThat(Scrape.of(registry).value("model_load_seconds{model=\"slow\",version=\"1\"}"))
        .isEqualTo(180);
    assertThat(recorder.model().isReady()).isFalse();
  }

  @Test
  void loadedBesideItsSuccessor_isReady_andCountsThere() {
    PredictionRecorder gone = gone();
    PredictionRecorder successor = metrics.recorder("gone", "1");
    succeed(gone);
    gone.run(() -> {});
    successor.run(() -> {});

    assertThat(gone.model().isReady()).isTrue();
    assertThat(count("gone", "1")).isEqualTo(2);
    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void firstLoadFails_withAPredictionUnderWay_givesItsPlaceBackAllTheSame() {
    PredictionRecorder failed = metrics.recorder("failed", "1");
    Prediction underWay = failed.start();
    fail(failed);
    metrics.recorder("serves", "1").run(() -> {});
    underWay.success();
    underWay.close();

    assertThat(count("serves", "1")).isEqualTo(1);
    assertThat(count("failed", "1")).isEqualTo(1);
  }

  @Test
  void nextVersionFails_leavesNoSeries() {
    PredictionMetrics roomy =
        PredictionMetrics.builder().registry(new PrometheusRegistry()).maxModels(3).build();
    succeed(roomy.recorder("fraud", "1"));
    PredictionRecorder second = roomy.recorder("fraud", "2");
    fail(second);

    assertThat(roomy.summary().models()).extracting(ModelSummary::version).containsExactly("1");
  }

  @Test
  void streamsOfAModelThatNobodyScraped_areCountedInOther() {
    PredictionRecorder retired = metrics.recorder("streams", "1");
    try (PredictionStream stream = retired.startStream()) {
      stream.item();
      ticker.advanceMillis(10);
      stream.item();
      stream.success();
    }
    retired.model().retire();
    ticker.advanceMillis(1);
    metrics.recorder("second", "1").model().retire();
    metrics.recorder("third", "1");

    Scrape scrape = Scrape.of(registry);
    String other = "{model=\"other\",version=\"other\"}";
    assertThat(scrape.text()).doesNotContain("model=\"streams\"");
    assertThat(scrape.value("prediction_stream_items_total" + other)).isEqualTo(2);
    for (String histogram :
        new String[] {
          "gen_ai_server_time_to_first_token_seconds",
          "gen_ai_server_time_per_output_token_seconds",
          "gen_ai_server_request_duration_seconds"
        }) {
      assertThat(scrape.value(histogram + "_count" + other)).as(histogram).isEqualTo(1);
    }
    assertThat(scrape.value("gen_ai_server_request_duration_seconds_sum" + other)).isEqualTo(0.01);
  }
}
