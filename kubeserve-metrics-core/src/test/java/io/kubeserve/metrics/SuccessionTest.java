package io.kubeserve.metrics;

import static io.kubeserve.metrics.Loads.fail;
import static io.kubeserve.metrics.Loads.succeed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Recorders of one model that follow one another, some of which somebody still holds. */
class SuccessionTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).maxModels(1).build();

  private double value(String metric, String model) {
    return Scrape.of(registry)
        .value(
            model.equals("other")
                ? metric + "{model=\"other\",version=\"other\"}"
                : "%s{model=\"%s\",version=\"1\"}".formatted(metric, model));
  }

  private double count(String model) {
    return value("prediction_latency_ms_count", model);
  }

  private double total() {
    Scrape scrape = Scrape.of(registry);
    return scrape.series().stream()
        .filter(series -> series.startsWith("prediction_latency_ms_count{"))
        .mapToDouble(scrape::value)
        .sum();
  }

  private void retireAndForget(PredictionRecorder recorder) {
    recorder.model().retire();
    Scrape.of(registry);
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    Scrape.of(registry);
  }

  @Test
  void heldRecorder_afterItsSuccessorHasGone_isShown() {
    PredictionRecorder first = metrics.recorder("a", "1");
    retireAndForget(first);
    PredictionRecorder second = metrics.recorder("a", "1");
    first.run(() -> {});
    retireAndForget(second);
    assertThat(Scrape.of(registry).text()).doesNotContain("model=\"a\"");

    first.run(() -> {});
    first.record(Duration.ofNanos(1), Status.SUCCESS);
    assertThat(count("a")).isEqualTo(2);

    PredictionRecorder third = metrics.recorder("a", "1");
    third.run(() -> {});
    first.run(() -> {});
    second.run(() -> {});
    assertThat(count("a")).isEqualTo(5);
  }

  @Test
  void heldRecorder_afterItsSuccessorWasClosed_isShown() {
    PredictionRecorder first = metrics.recorder("a", "1");
    retireAndForget(first);
    PredictionRecorder second = metrics.recorder("a", "1");
    first.run(() -> {});
    second.model().remove();

    first.run(() -> {});
    second.run(() -> {});
    assertThat(count("a")).isEqualTo(1);
  }

  @Test
  void heldRecorder_withAPredictionUnderWay_keepsItsSuccessorsSeries() {
    PredictionRecorder first = metrics.recorder("a", "1");
    retireAndForget(first);
    PredictionRecorder second = metrics.recorder("a", "1");
    Prediction underWay = first.start();
    retireAndForget(second);
    underWay.success();
    underWay.close();

    assertThat(count("a")).isEqualTo(1);
  }

  @Test
  void countsThatOtherHas_doNotComeBack() {
    PredictionRecorder a = metrics.recorder("a", "1");
    for (int i = 0; i < 5; i++) {
      a.run(() -> {});
    }
    a.model().retire();
    ticker.advanceMillis(1000);
    metrics.recorder("b", "1").model().retire();
    ticker.advanceMillis(1000);
    PredictionRecorder c = metrics.recorder("c", "1");
    assertThat(count("other")).isEqualTo(5);
    c.model().remove();

    succeed(a);
    a.run(() -> {});
    assertThat(total()).isEqualTo(6);
    assertThat(a.model().isReady()).isTrue();
    assertThat(metrics.isReady()).isTrue();

    PredictionRecorder again = metrics.recorder("a", "1");
    again.run(() -> {});
    assertThat(count("a")).isEqualTo(1);
    assertThat(total()).isEqualTo(7);
  }

  @Test
  void modelOfTheServer_whichIsOneOfSeveral_isShownOnce() {
    PrometheusRegistry own = new PrometheusRegistry();
    PredictionMetrics named =
        PredictionMetrics.builder().registry(own).modelInfo("iris", "1").build();
    succeed(named.recorder());
    succeed(named.recorder("iris", "1"));

    assertThat(Scrape.of(own).value("model_info{model=\"iris\",version=\"1\"}")).isEqualTo(1);
  }

  @Test
  void foldedModel_retiredAndLoadedAgain_isBack() {
    succeed(metrics.recorder("a", "1"));
    PredictionRecorder folded = metrics.recorder("b", "1");
    succeed(folded);
    folded.model().retire();
    succeed(folded);

    assertThat(folded.model().isReady()).isTrue();
    assertThat(value("model_ready", "other")).isEqualTo(1);
    fail(folded);
    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void retiredModel_loadedBesideItsSuccessor_isCountedThere() {
    PredictionRecorder first = metrics.recorder("a", "1");
    succeed(first);
    retireAndForget(first);
    PredictionRecorder second = metrics.recorder("a", "1");
    succeed(second);
    fail(first);
    assertThat(metrics.isReady()).isTrue();
    succeed(first);
    first.run(() -> {});

    assertThat(count("a")).isEqualTo(1);
    second.model().retire();
    assertThat(metrics.isReady()).isTrue();
    first.model().retire();
    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void foldedModel_whoseOtherRecorderFails_servesOn() {
    succeed(metrics.recorder("a", "1"));
    PredictionRecorder serves = metrics.recorder("b", "1");
    PredictionRecorder fails = metrics.recorder("b", "1");
    succeed(serves);
    fail(fails);

    assertThat(serves.model().isReady()).isTrue();
    assertThat(metrics.isReady()).isTrue();
    assertThat(value("model_ready", "other")).isEqualTo(1);
  }

  @Test
  void nestedLoad_failsAfterPredictions_andTheOuterOneReturns_isReady() {
    PredictionRecorder recorder = metrics.recorder("a", "1");
    recorder.run(() -> {});
    recorder
        .model()
        .load(
            () -> {
              fail(recorder);
              return "model";
            });

    assertThat(recorder.model().isReady()).isTrue();
    assertThat(value("model_ready", "a")).isEqualTo(1);
  }

  @Test
  void closedRecorder_loadedAgain_recordsInVain() {
    PredictionRecorder closed = metrics.recorder("a", "1");
    closed.run(() -> {});
    closed.model().remove();
    succeed(closed);
    closed.run(() -> {});

    assertThat(closed.model().isReady()).isFalse();
    assertThat(Scrape.of(registry).text()).doesNotContain("model=\"a\"");
    PredictionRecorder next = metrics.recorder("a", "1");
    succeed(next);
    fail(closed);
    next.run(() -> {});
    assertThat(count("a")).isEqualTo(1);
    next.model().retire();
    assertThat(metrics.isReady()).isTrue();
  }

  @Test
  void secondBuildOnTheRegistry_isRefused_andSeesNoLastCounts() {
    PredictionRecorder recorder = metrics.recorder("a", "1");
    recorder.run(() -> {});
    recorder.model().retire();
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    assertThatThrownBy(() -> PredictionMetrics.builder().registry(registry).build())
        .isInstanceOf(IllegalStateException.class);

    assertThat(count("a")).isEqualTo(1);
  }

  @Test
  void scrapeOfSomeNames_seesNoLastCounts() {
    PredictionRecorder recorder = metrics.recorder("a", "1");
    recorder.run(() -> {});
    recorder.model().retire();
    ticker.advanceMillis(Duration.ofMinutes(3).toMillis());
    assertThat(registry.scrape("prediction_queue_depth"::equals).size()).isEqualTo(1);
    assertThat(registry.scrape("prediction_queue_depth"::equals).size()).isEqualTo(1);

    assertThat(count("a")).isEqualTo(1);
    Scrape.of(registry);
    assertThat(Scrape.of(registry).text()).doesNotContain("model=\"a\"");
  }

  @Test
  @SuppressWarnings("NullAway") // what Java or Kotlin without null checks can do
  void noCall_isRefusedAndNotCounted() {
    PredictionRecorder recorder = metrics.recorder("a", "1");
    assertThat(catchThrowable(() -> recorder.time(null))).isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(() -> recorder.run(null))).isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(() -> recorder.timeAsync(null)))
        .isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(() -> recorder.timeStages(null)))
        .isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(() -> recorder.timeQueued(Runnable::run, null)))
        .isInstanceOf(NullPointerException.class);
    assertThat(catchThrowable(() -> recorder.model().load(null)))
        .isInstanceOf(NullPointerException.class);

    assertThat(count("a")).isZero();
    assertThat(metrics.isReady()).isTrue();
    assertThat(value("predictions_in_flight", "a")).isZero();
  }

  @Test
  void failedLoad_thatSucceedsWithoutRoom_hasItsPlaceOnceThereIsRoom() {
    PredictionRecorder a = metrics.recorder("a", "1");
    fail(a);
    PredictionRecorder b = metrics.recorder("b", "1");
    succeed(b);
    succeed(a);
    a.run(() -> {});
    assertThat(count("other")).isEqualTo(1);

    b.model().remove();
    succeed(a);
    a.run(() -> {});
    assertThat(count("a")).isEqualTo(1);
    assertThat(value("model_ready", "a")).isEqualTo(1);
    assertThat(total()).isEqualTo(2);
  }
}
