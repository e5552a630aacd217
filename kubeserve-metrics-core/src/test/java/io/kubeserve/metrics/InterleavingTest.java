package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A record, a scrape and the close of a model, at once, thousands of times. Every scrape must show
 * one of the outcomes that are allowed, and the run must have met more than one of them.
 */
class InterleavingTest {
  private static final int ROUNDS = 5_000;
  private static final String MODEL = "model=\"m\",version=\"1\"";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
  private final Phaser phaser = new Phaser(3);
  private volatile PredictionRecorder recorder = metrics.recorder("m", "1");

  /** What a scrape may see of a model while it is used and closed. */
  private enum Outcome {
    BEFORE_THE_RECORD,
    IN_FLIGHT,
    AFTER_THE_RECORD,
    AFTER_THE_CLOSE
  }

  @Test
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void recordScrapeAndClose_atOnce_haveOnlyAllowedOutcomes() throws Exception {
    Callable<Map<Outcome, Integer>> recording = () -> inRounds(() -> predict());
    Callable<Map<Outcome, Integer>> closing = () -> inRounds(() -> recorder.close());
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      List<Future<Map<Outcome, Integer>>> threads =
          executor.invokeAll(List.of(recording, closing, this::scrapeInRounds));
      threads.get(0).get();
      threads.get(1).get();
      Map<Outcome, Integer> outcomes = threads.get(2).get();

      assertThat(outcomes.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(ROUNDS);
      assertThat(outcomes).as("outcomes met").hasSizeGreaterThan(1);
    } finally {
      executor.shutdownNow();
    }
  }

  private void predict() {
    try (Prediction prediction = recorder.start()) {
      prediction.success();
    }
  }

  private Map<Outcome, Integer> inRounds(Runnable action) {
    for (int round = 0; round < ROUNDS; round++) {
      phaser.arriveAndAwaitAdvance();
      action.run();
      phaser.arriveAndAwaitAdvance();
    }
    return Map.of();
  }

  private Map<Outcome, Integer> scrapeInRounds() {
    Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    for (int round = 0; round < ROUNDS; round++) {
      phaser.arriveAndAwaitAdvance();
      outcomes.merge(outcomeOf(Scrape.of(registry)), 1, Integer::sum);
      phaser.arriveAndAwaitAdvance();
      assertThat(outcomeOf(Scrape.of(registry))).isEqualTo(Outcome.AFTER_THE_CLOSE);
      recorder = metrics.recorder("m", "1");
    }
    return outcomes;
  }

  private static Outcome outcomeOf(Scrape scrape) {
    if (scrape.series().stream().noneMatch(series -> series.contains(MODEL))) {
      return Outcome.AFTER_THE_CLOSE;
    }
    double count = scrape.value("prediction_latency_ms_count{" + MODEL + "}");
    double inFlight = scrape.value("predictions_in_flight{" + MODEL + "}");
    assertThat(scrape.value(predictions(Status.SUCCESS)) + scrape.value(predictions(Status.ERROR)))
        .isEqualTo(count);
    assertThat(count).isIn(0.0, 1.0);
    assertThat(inFlight).isIn(0.0, 1.0);
    if (count == 1) {
      return Outcome.AFTER_THE_RECORD;
    }
    return inFlight == 1 ? Outcome.IN_FLIGHT : Outcome.BEFORE_THE_RECORD;
  }

  private static String predictions(Status status) {
    return "predictions_total{model=\"m\",status=\"%s\",version=\"1\"}"
        .formatted(status.labelValue());
  }
}
