package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Stages follow one another within a prediction, whatever threads tell their ends. */
class StageTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();

  private double sum(Stage stage) {
    return value("prediction_stage_latency_ms_sum", stage);
  }

  private double value(String name, Stage stage) {
    return Scrape.of(registry).value("%s{stage=\"%s\"}".formatted(name, stage.labelValue()));
  }

  private double total() {
    return Scrape.of(registry).value("prediction_latency_ms_sum");
  }

  @Test
  void timeStages_countsEachStageAndTheWhole() {
    String label =
        recorder.timeStages(
            prediction -> {
              ticker.advance(Duration.ofMillis(2));
              prediction.endStage(Stage.PREPROCESS);
              ticker.advance(Duration.ofMillis(30));
              prediction.endStage(Stage.INFERENCE);
              ticker.advance(Duration.ofMillis(1));
              return "setosa";
            });

    assertThat(label).isEqualTo("setosa");
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
    assertThat(Scrape.of(registry).errors()).isZero();
    assertThat(sum(Stage.PREPROCESS)).isEqualTo(2);
    assertThat(sum(Stage.INFERENCE)).isEqualTo(30);
    assertThat(total()).isEqualTo(33);
    assertThat(bucketOfInference("10.0")).isZero();
    assertThat(bucketOfInference("50.0")).isEqualTo(1);
    assertThat(Scrape.of(registry).text()).doesNotContain("postprocess", "stage=\"queue\"");
  }

  private double bucketOfInference(String bound) {
    return Scrape.of(registry)
        .value("prediction_stage_latency_ms_bucket{stage=\"inference\",le=\"" + bound + "\"}");
  }

  @Test
  void noStages_noFamily() {
    recorder.run(() -> {});

    assertThat(Scrape.of(registry).text()).doesNotContain("prediction_stage_latency_ms");
  }

  @Test
  void stageThatEndsTwice_isOneOfTheirSum() {
    recorder.timeStages(
        prediction -> {
          ticker.advance(Duration.ofMillis(3));
          prediction.endStage(Stage.INFERENCE);
          ticker.advance(Duration.ofMillis(1));
          prediction.endStage(Stage.POSTPROCESS);
          ticker.advance(Duration.ofMillis(4));
          prediction.endStage(Stage.INFERENCE);
          return prediction;
        });

    assertThat(value("prediction_stage_latency_ms_count", Stage.INFERENCE)).isEqualTo(1);
    assertThat(sum(Stage.INFERENCE)).isEqualTo(7);
    assertThat(total()).isEqualTo(8);
  }

  @Test
  void timeStages_throws_stagesUntilThenCountAndItIsThrownOn() {
    IOException failure = new IOException("no model");

    assertThatThrownBy(
            () ->
                recorder.timeStages(
                    prediction -> {
                      ticker.advance(Duration.ofMillis(5));
                      prediction.endStage(Stage.QUEUE);
                      throw failure;
                    }))
        .isSameAs(failure);

    assertThat(sum(Stage.QUEUE)).isEqualTo(5);
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
  }

  @Test
  void endStage_afterTheEnd_isNothing() {
    Prediction prediction = recorder.start();
    prediction.close();
    ticker.advance(Duration.ofMillis(5));
    prediction.endStage(Stage.INFERENCE);
    prediction.close();

    assertThat(Scrape.of(registry).text()).doesNotContain("prediction_stage_latency_ms");
    assertThat(total()).isZero();
  }

  @Test
  void endStage_noStage_leavesTheTimeToTheNextOne() {
    try (Prediction prediction = recorder.start()) {
      ticker.advance(Duration.ofMillis(5));
      prediction.endStage(nobody());
      ticker.advance(Duration.ofMillis(2));
      prediction.endStage(Stage.INFERENCE);
    }

    assertThat(sum(Stage.INFERENCE)).isEqualTo(7);
  }

  @Test
  void endStage_onAnotherThread_goesOnFromThere() throws InterruptedException {
    Prediction prediction = recorder.start();
    ticker.advance(Duration.ofMillis(20));
    Thread worker =
        new Thread(
            () -> {
              prediction.endStage(Stage.QUEUE);
              ticker.advance(Duration.ofMillis(7));
              prediction.endStage(Stage.INFERENCE);
              prediction.success();
              prediction.close();
            });
    worker.start();
    worker.join();

    assertThat(sum(Stage.QUEUE)).isEqualTo(20);
    assertThat(sum(Stage.INFERENCE)).isEqualTo(7);
    assertThat(total()).isEqualTo(27);
  }

  @Test
  void stageEndedLaterByAnotherThreadsClock_theWholeLastsUntilThen() {
    Prediction prediction = recorder.start();
    ticker.advanceMillis(10);
    prediction.endStage(Stage.INFERENCE);
    ticker.advanceMillis(-4);
    prediction.success();
    prediction.close();

    assertThat(sum(Stage.INFERENCE)).isEqualTo(10);
    assertThat(total()).isEqualTo(10);
  }

  /** Threads end stages and the prediction itself in any order, and a scrape looks on. */
  @RepeatedTest(200)
  void stages_anyInterleaving_neverTakeLongerThanTheWhole() throws InterruptedException {
    AtomicLong clock = new AtomicLong();
    PrometheusRegistry ownRegistry = new PrometheusRegistry();
    PredictionRecorder ownRecorder =
        PredictionMetrics.builder()
            .registry(ownRegistry)
            .ticker(() -> clock.addAndGet(1_000_000))
            .build()
            .recorder();
    Prediction prediction = ownRecorder.start();
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    Random random = new Random();
    for (Stage stage : Stage.standard()) {
      int times = random.nextInt(5);
      boolean closes = random.nextBoolean();
      threads.add(
          new Thread(
              () -> {
                awaitQuietly(go);
                for (int done = 0; done < times; done++) {
                  prediction.endStage(stage);
                }
                if (closes) {
                  prediction.close();
                }
              }));
    }
    threads.forEach(Thread::start);
    go.countDown();
    assertThat(stagesLessTotal(ownRegistry)).isLessThanOrEqualTo(0);
    for (Thread thread : threads) {
      thread.join();
    }
    prediction.close();

    assertThat(stagesLessTotal(ownRegistry)).isLessThanOrEqualTo(0);
    assertThat(Scrape.of(ownRegistry).value("prediction_latency_ms_count")).isEqualTo(1);
  }

  private static double stagesLessTotal(PrometheusRegistry registry) {
    Scrape scrape = Scrape.of(registry);
    double stages = 0;
    for (String series : scrape.series()) {
      if (series.startsWith("prediction_stage_latency_ms_sum")) {
        stages += scrape.value(series);
      }
    }
    return stages - scrape.value("prediction_latency_ms_sum");
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What NullAway would not let a caller pass, and others do. */
  @SuppressWarnings("NullAway")
  private static Stage nobody() {
    return null;
  }
}
