package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).ticker(ticker).build();

  @Test
  void summary_noRecorder_hasNoModel() {
    assertThat(metrics.summary())
        .isEqualTo(new MetricsSummary(Duration.ofMinutes(1), 0, List.of()));
  }

  @Test
  void summary_ofModels_areSortedByNameAndVersion() {
    metrics.recorder("b", "1");
    metrics.recorder("a", "2");
    metrics.recorder("a", "1");

    assertThat(metrics.summary().models())
        .extracting(model -> model.model() + model.version())
        .containsExactly("a1", "a2", "b1");
  }

  @Test
  void summary_hasEverythingThatWasRecorded() {
    PredictionRecorder recorder = metrics.recorder("iris", "1");
    recorder.load(() -> "model");
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.recordError(Duration.ofMillis(20), ErrorReason.TIMEOUT);
    recorder.timeBatch(3, () -> "");
    try (PredictionStream stream = recorder.startStream()) {
      stream.item();
      ticker.advanceMillis(7);
      stream.done(Stage.INFERENCE);
    }
    recorder.start();
    metrics.queue(() -> 5);

    MetricsSummary summary = metrics.summary();
    ModelSummary model = summary.models().get(0);

    assertThat(summary.queueDepth()).isEqualTo(5);
    assertThat(model.ready()).contains(true);
    assertThat(model.successes()).isEqualTo(2);
    assertThat(model.errors())
        .containsOnlyKeys(ErrorReason.values())
        .containsEntry(ErrorReason.TIMEOUT, 1L)
        .containsEntry(ErrorReason.OTHER, 1L)
        .containsEntry(ErrorReason.REJECTED, 0L);
    assertThat(model.inFlight()).isEqualTo(1);
    assertThat(model.latency().meanMillis()).isEqualTo(37.0 / 4);
    assertThat(model.recentLatency().count()).isEqualTo(4);
    assertThat(model.stages())
        .containsOnlyKeys(Stage.INFERENCE)
        .hasEntrySatisfying(Stage.INFERENCE, times -> assertThat(times.meanMillis()).isEqualTo(7));
    assertThat(model.items()).isEqualTo(new ModelSummary.ItemCounts(3, 1));
  }

  @Test
  void summary_nobodyLoads_readinessIsUnknown() {
    metrics.recorder();

    assertThat(metrics.summary().models().get(0).ready()).isEmpty();
  }
}
