package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ModelLifecycleTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final long TWO_MINUTES_MILLIS = 120_000;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).maxModels(2).build();

  @Test
  void noLoad_hasNoSeriesAndTheServerIsReady() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");

    assertThat(Scrape.of(registry).text()).doesNotContain("model_ready", "model_info");
    assertThat(metrics.isReady()).isTrue();
    assertThat(recorder.model().isReady()).isFalse();
  }

  @Test
  void load_returns_modelIsReadyAndItsTimeIsKnown() throws IOException {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");

    String model =
        recorder
            .model()
            .load(
                () -> {
                  ticker.advanceMillis(2_500);
                  assertThat(value("model_ready", "fraud", "1")).isZero();
                  assertThat(metrics.isReady()).isFalse();
                  return read("model");
                });

    assertThat(model).isEqualTo("model");
    assertThat(recorder.model().isReady()).isTrue();
    assertThat(metrics.isReady()).isTrue();
    assertThat(value("model_ready", "fraud", "1")).isEqualTo(1);
    assertThat(value("model_load_seconds", "fraud", "1")).isEqualTo(2.5);
    assertThat(value("model_info", "fraud", "1")).isEqualTo(1);
  }

  private static String read(String name) throws IOException {
    if (name.isEmpty()) {
      throw new IOException();
    }
    return name;
  }

  @Test
  void load_throws_modelIsNotReadyAndTheThrowableIsTheSame() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    IOException failure = new IOException();

    assertThatThrownBy(
            () ->
                recorder
                    .model()
                    .load(
                        () -> {
                          throw failure;
                        }))
        .isSameAs(failure);

    assertThat(recorder.model().isReady()).isFalse();
    assertThat(value("model_ready", "fraud", "1")).isZero();
    assertThat(Scrape.of(registry).text()).doesNotContain("model_load_seconds");
  }

  @Test
  void load_failsAgainAfterASuccess_oldModelStaysReady() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");
    recorder.model().load(() -> "model");
    Loads.fail(recorder);

    assertThat(recorder.model().isReady()).isTrue();
  }

  @Test
  void load_warmUp_isInNoSeries() {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");

    recorder
        .model()
        .load(
            () -> {
              recorder.run(() -> {});
              recorder.timeStages(
                  prediction -> {
                    prediction.batchSize(3);
                    return "";
                  });
              try (PredictionStream stream = recorder.startStream()) {
                stream.item();
              }
              recorder.record(Duration.ofNanos(5), Status.SUCCESS);
              return "model";
            });

    assertThat(recorder.model().latency().count()).isZero();
    assertThat(Scrape.of(registry).text()).doesNotContain("batch_size", "stream");
    recorder.run(() -> {});
    assertThat(recorder.model().latency().count()).isEqualTo(1);
  }

  @Test
  void load_requestOfAnotherThread_isCounted() throws InterruptedException {
    PredictionRecorder recorder = metrics.recorder("fraud", "1");

    recorder
        .model()
        .load(
            () -> {
              Thread client = new Thread(() -> recorder.run(() -> {}));
              client.start();
              client.join();
              return "model";
            });

    assertThat(recorder.model().latency().count()).isEqualTo(1);
  }

  @Test
  void modelInfo_ofTheOneModel_hasTheNameOfTheBuilder() {
    PrometheusRegistry own = new PrometheusRegistry();
    PredictionMetrics one =
        PredictionMetrics.builder().registry(own).modelInfo("iris", "2").build();
    one.recorder().model().load(() -> "model");

    assertThat(Scrape.of(own).value("model_info{model=\"iris\",version=\"2\"}")).isEqualTo(1);
    assertThat(Scrape.of(own).value("model_ready")).isEqualTo(1);
  }

  @Test
  void modelInfo_nobodyNamedTheModel_isNotThere() {
    PrometheusRegistry own = new PrometheusRegistry();
    PredictionMetrics.builder().registry(own).build().recorder().model().load(() -> "model");

    assertThat(Scrape.of(own).text()).doesNotContain("model_info");
  }

  @Test
  void model_blankName_isRefused() {
    assertThatThrownBy(() -> PredictionMetrics.builder().modelInfo("iris", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version");
  }

  @Test
  void retire_seriesStayUntilScrapesHaveSeenThem() {
    PredictionRecorder old = metrics.recorder("fraud", "1");
    old.model().load(() -> "model");
    Prediction late = old.start();
    old.model().retire();

    assertThat(old.model().isReady()).isFalse();
    assertThat(value("model_ready", "fraud", "1")).isZero();
    assertThat(metrics.isReady()).as("others decide").isTrue();

    ticker.advanceMillis(TWO_MINUTES_MILLIS);
    assertThat(value("predictions_in_flight", "fraud", "1")).isEqualTo(1);
    late.success();
    late.close();
    assertThat(value("prediction_latency_ms_count", "fraud", "1")).as("a last time").isEqualTo(1);
    assertThat(Scrape.of(registry).text()).doesNotContain("fraud");
  }

  @Test
  void retire_notYetTwoMinutes_seriesStay() {
    metrics.recorder("fraud", "1").model().retire();
    ticker.advanceMillis(TWO_MINUTES_MILLIS - 1);
    Scrape.of(registry);

    assertThat(value("predictions_in_flight", "fraud", "1")).isZero();
  }

  @Test
  void retire_makesRoomForAnotherModel() {
    metrics.recorder("fraud", "1").model().retire();
    metrics.recorder("fraud", "1").model().retire();
    metrics.recorder("fraud", "2");
    metrics.recorder("fraud", "3");

    assertThat(value("predictions_in_flight", "fraud", "3")).isZero();
    assertThat(Scrape.of(registry).value("prediction_models_folded_total")).isZero();
    metrics.recorder("fraud", "4");
    assertThat(Scrape.of(registry).value("prediction_models_folded_total")).isEqualTo(1);
  }

  @Test
  void recorder_ofARetiredModel_isBackInServiceWithItsCounts() {
    PredictionRecorder old = metrics.recorder("fraud", "1");
    old.model().load(() -> "model");
    old.run(() -> {});
    old.model().retire();
    ticker.advanceMillis(TWO_MINUTES_MILLIS);
    PredictionRecorder again = metrics.recorder("fraud", "1");
    Scrape.of(registry);
    Scrape.of(registry);

    assertThat(again).isSameAs(old);
    assertThat(again.model().isReady()).isTrue();
    assertThat(value("prediction_latency_ms_count", "fraud", "1")).isEqualTo(1);
  }

  /** Four clients predict all the time; nine versions follow one another. */
  @Test
  void swap_underLoad_losesNoPredictionAndLeavesNoStaleSeries() throws InterruptedException {
    record Served(PredictionRecorder recorder) {}
    PredictionRecorder first = metrics.recorder("fraud", "0");
    AtomicReference<Served> served = new AtomicReference<>(new Served(first));
    AtomicLong sent = new AtomicLong();
    CountDownLatch stop = new CountDownLatch(1);
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      clients.add(
          new Thread(
              () -> {
                while (stop.getCount() > 0) {
                  served.get().recorder().run(sent::incrementAndGet);
                }
              }));
    }
    clients.forEach(Thread::start);
    try {
      for (int version = 1; version < 10; version++) {
        PredictionRecorder next = metrics.recorder("fraud", Integer.toString(version));
        next.model().load(() -> "model");
        served.getAndSet(new Served(next)).recorder().model().retire();
        long until = sent.get() + 1_000;
        await().atMost(LIMIT).pollInterval(Duration.ofMillis(1)).until(() -> sent.get() >= until);
      }
    } finally {
      stop.countDown();
    }
    for (Thread client : clients) {
      client.join();
    }

    Scrape last = Scrape.of(registry);
    double counted =
        last.series().stream()
            .filter(series -> series.startsWith("prediction_latency_ms_count"))
            .mapToDouble(last::value)
            .sum();
    assertThat(counted).isEqualTo((double) sent.get());
    ticker.advanceMillis(TWO_MINUTES_MILLIS);
    Scrape.of(registry);
    // A version that came while clients were in the midst of every retired one has no place.
    assertThat(Scrape.of(registry).series().stream().filter(name -> name.contains("model=")))
        .isNotEmpty()
        .allMatch(name -> name.contains("version=\"9\"") || name.contains("model=\"other\""));
  }

  private double value(String metric, String model, String version) {
    return Scrape.of(registry)
        .value("%s{model=\"%s\",version=\"%s\"}".formatted(metric, model, version));
  }
}
