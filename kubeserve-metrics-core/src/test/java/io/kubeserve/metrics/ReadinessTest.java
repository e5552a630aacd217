package io.kubeserve.metrics;

import static io.kubeserve.metrics.Loads.fail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A model is ready while any of its versions is. */
class ReadinessTest {
  private static final Duration RETIREMENT = Duration.ofMinutes(2);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).maxModels(2).build();

  private PredictionRecorder loaded(String model, String version) {
    PredictionRecorder recorder = metrics.recorder(model, version);
    recorder.model().load(() -> "model");
    return recorder;
  }

  private double value(String metric, String model, String version) {
    return Scrape.of(registry)
        .value("%s{model=\"%s\",version=\"%s\"}".formatted(metric, model, version));
  }

  private double folded() {
    return Scrape.of(registry).value("prediction_models_folded_total");
  }

  @Test
  void isReady_nextVersionFails_modelServesOn() {
    PredictionRecorder first = loaded("fraud", "1");
    fail(metrics.recorder("fraud", "2"));
    assertThat(metrics.isReady()).isTrue();

    loaded("fraud", "3");
    first.model().retire();
    assertThat(metrics.isReady()).isTrue();
    assertThat(Scrape.of(registry).text()).doesNotContain("version=\"2\"");
    assertThat(Scrape.of(registry).value("model_load_failures_total")).isEqualTo(1);
  }

  @Test
  void isReady_nextVersionLoads_modelServesOn() {
    loaded("fraud", "1");
    metrics
        .recorder("fraud", "2")
        .model()
        .load(
            () -> {
              assertThat(metrics.isReady()).isTrue();
              return "model";
            });
  }

  @Test
  void isReady_anotherModelWasNeverLoaded_isFalseUntilItIs() {
    loaded("fraud", "1");
    PredictionRecorder churn = metrics.recorder("churn", "1");
    fail(churn);

    assertThat(metrics.isReady()).isFalse();
    assertThat(value("model_ready", "churn", "1")).isZero();
    loaded("churn", "2");
    assertThat(metrics.isReady()).isTrue();
    assertThat(Scrape.of(registry).text()).doesNotContain("model=\"churn\",version=\"1\"");
  }

  @Test
  void isReady_failedModelIsGivenUp_isTrue() {
    loaded("fraud", "1");
    PredictionRecorder churn = metrics.recorder("churn", "1");
    fail(churn);
    churn.model().retire();

    assertThat(metrics.isReady()).isTrue();
    assertThat(Scrape.of(registry).text()).doesNotContain("churn");
  }

  @Test
  void failedLoad_givesItsPlaceBack() {
    loaded("fraud", "1");
    for (int version = 2; version < 50; version++) {
      fail(metrics.recorder("fraud", Integer.toString(version)));
      fail(metrics.recorder("absent" + version, "1"));
    }
    loaded("churn", "1");

    assertThat(folded()).isZero();
    assertThat(value("model_ready", "churn", "1")).isEqualTo(1);
    assertThat(Scrape.of(registry).series().stream().filter(series -> series.contains("absent")))
        .as("the latest failures, by readiness alone")
        .hasSizeLessThanOrEqualTo(2)
        .allMatch(series -> series.startsWith("model_ready{"));
  }

  @Test
  void failedLoad_recorderIsUsedAllTheSame_countsAreShown() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    fail(recorder);
    recorder.run(() -> {});
    recorder.record(Duration.ofNanos(5), io.kubeserve.metrics.contract.Status.SUCCESS);

    assertThat(value("prediction_latency_ms_count", "fraud", "1")).isEqualTo(2);
    assertThat(metrics.isReady()).isFalse();
  }

  @Test
  void failedLoad_retriedOnTheSameRecorder_isReady() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    fail(recorder);
    recorder.model().load(() -> "model");

    assertThat(metrics.isReady()).isTrue();
    assertThat(value("predictions_in_flight", "fraud", "1")).isZero();
    assertThat(value("model_ready", "fraud", "1")).isEqualTo(1);
    assertThat(metrics.recorder("fraud", "1")).isSameAs(recorder);
  }

  @Test
  void failedLoad_clientCameTooEarly_itsPredictionStaysShown() throws InterruptedException {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    Thread client = new Thread(() -> recorder.run(() -> {}));
    assertThatThrownBy(
            () ->
                recorder
                    .model()
                    .load(
                        () -> {
                          client.start();
                          client.join();
                          throw new IOException();
                        }))
        .isInstanceOf(IOException.class);

    assertThat(value("prediction_latency_ms_count", "fraud", "1")).isEqualTo(1);
    assertThat(metrics.isReady()).isFalse();
  }

  @Test
  void failedReload_ofARetiredModel_isNotReady() {
    PredictionRecorder recorder = loaded("fraud", "1");
    recorder.run(() -> {});
    recorder.model().retire();
    PredictionRecorder again = metrics.recorder("fraud", "1");
    fail(again);

    assertThat(again.model().isReady()).isFalse();
    assertThat(metrics.isReady()).isFalse();
    assertThat(value("model_ready", "fraud", "1")).isZero();
    assertThat(value("prediction_latency_ms_count", "fraud", "1")).isEqualTo(1);
  }

  @Test
  void failedReload_ofAModelThatServes_staysReady() {
    PredictionRecorder recorder = loaded("fraud", "1");
    fail(recorder);

    assertThat(recorder.model().isReady()).isTrue();
    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void nestedLoad_failsAndTheOuterOneReturns_isReadyAndShown() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    recorder
        .model()
        .load(
            () -> {
              fail(recorder);
              recorder.run(() -> {});
              return "fallback";
            });

    assertThat(metrics.isReady()).isTrue();
    assertThat(value("prediction_latency_ms_count", "fraud", "1")).as("the warm-up").isZero();
  }

  @Test
  void foldedModel_failsAlone_andCanBeGivenUp() {
    loaded("a", "1");
    loaded("b", "1");
    PredictionRecorder c = metrics.recorder("c", "1");
    PredictionRecorder d = loaded("d", "1");
    fail(c);

    assertThat(metrics.isReady()).isFalse();
    assertThat(d.model().isReady()).isTrue();
    assertThat(c.model().isReady()).isFalse();
    assertThat(value("model_ready", "other", "other")).isZero();
    c.model().retire();
    assertThat(metrics.isReady()).isTrue();
    assertThat(value("model_ready", "other", "other")).isEqualTo(1);
    d.model().retire();
    assertThat(d.model().isReady()).isFalse();
  }

  @Test
  void foldedModel_nextVersionFails_modelServesOn() {
    loaded("a", "1");
    loaded("b", "1");
    loaded("c", "1");
    fail(metrics.recorder("c", "2"));

    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void foldedModel_closed_isLeftOut() {
    loaded("a", "1");
    loaded("b", "1");
    PredictionRecorder c = metrics.recorder("c", "1");
    fail(c);
    c.model().remove();

    assertThat(metrics.isReady()).isTrue();
    assertThat(value("predictions_in_flight", "other", "other")).isZero();
  }

  @Test
  void oneModel_firstLoadFails_keepsItsSeries() {
    PredictionRecorder recorder = metrics.recorder();
    fail(recorder);

    assertThat(metrics.isReady()).isFalse();
    assertThat(Scrape.of(registry).value("model_ready")).isZero();
    assertThat(Scrape.of(registry).successes()).isZero();
  }

  @Test
  void retiredWhileItLoads_doesNotHoldUpTheServer() {
    loaded("fraud", "1");
    PredictionRecorder churn = metrics.recorder("churn", "1");
    churn
        .model()
        .load(
            () -> {
              churn.model().retire();
              return "model";
            });

    assertThat(churn.model().isReady()).isFalse();
    assertThat(metrics.isReady()).isTrue();
    ticker.advanceMillis(RETIREMENT.toMillis());
    Scrape.of(registry);
    assertThat(Scrape.of(registry).text()).doesNotContain("churn");
  }
}
