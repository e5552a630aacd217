package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).ticker(ticker).build();

  /** The live page keeps summaries of models that have gone. */
  @Test
  void summary_keptAfterTheModelHasGone_keepsNoCells() {
    List<ModelSummary> kept = new ArrayList<>();
    WeakReference<?> series = addAndRemove(kept);

    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              System.gc();
              return series.refersTo(null);
            });
    assertThat(kept).extracting(ModelSummary::model).containsExactly("iris");
  }

  private WeakReference<?> addAndRemove(List<ModelSummary> kept) {
    BoundRecorder recorder = (BoundRecorder) metrics.recorder("iris", "1");
    recorder.run(() -> {});
    kept.addAll(metrics.summary().models());
    recorder.model().remove();
    return new WeakReference<>(recorder.series());
  }

  @Test
  void summary_noRecorder_hasNoModel() {
    MetricsSummary summary = metrics.summary();

    assertThat(summary.models()).isEmpty();
    assertThat(summary.window()).isEqualTo(Duration.ofMinutes(1));
    assertThat(summary).hasToString("MetricsSummary[window=PT1M, queueDepth=0, models=[]]");
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
    recorder.model().load(() -> "model");
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.recordError(Duration.ofMillis(20), ErrorReason.TIMEOUT);
    recorder.timeStages(
        prediction -> {
          prediction.batchSize(3);
          return "";
        });
    try (PredictionStream stream = recorder.startStream()) {
      stream.item();
      ticker.advanceMillis(7);
      stream.endStage(Stage.INFERENCE);
    }
    recorder.start();
    metrics.monitorQueue(() -> 5);

    MetricsSummary summary = metrics.summary();
    ModelSummary model = summary.models().get(0);

    assertThat(summary.queueDepth()).isEqualTo(5);
    assertThat(model.ready()).contains(true);
    assertThat(model.successes()).isEqualTo(2);
    assertThat(model.errors())
        .containsOnlyKeys(ErrorReason.standard())
        .containsEntry(ErrorReason.TIMEOUT, 1L)
        .containsEntry(ErrorReason.OTHER, 1L)
        .containsEntry(ErrorReason.REJECTED, 0L);
    assertThat(model.inFlight()).isEqualTo(1);
    assertThat(model.latency().meanMillis()).isEqualTo(37.0 / 4);
    assertThat(model.recentLatency().count()).isEqualTo(4);
    assertThat(model.stages())
        .containsOnlyKeys(Stage.INFERENCE)
        .hasEntrySatisfying(Stage.INFERENCE, times -> assertThat(times.meanMillis()).isEqualTo(7));
    assertThat(model.predictedItems()).isEqualTo(3);
    assertThat(model.streamedItems()).isEqualTo(1);
  }

  @Test
  void summary_nobodyLoads_readinessIsUnknown() {
    metrics.recorder();

    assertThat(metrics.summary().models().get(0).ready()).isEmpty();
  }

  @Test
  void summary_hasAModelWhoseLoadFailed() {
    Loads.fail(metrics.recorder("broken", "1"));

    ModelSummary broken = metrics.summary().models().get(0);
    assertThat(broken.model()).isEqualTo("broken");
    assertThat(broken.ready()).contains(false);
  }

  @Test
  void summary_ofFoldedModels_hasTheirReadiness() {
    PredictionMetrics one =
        PredictionMetrics.builder().registry(new PrometheusRegistry()).maxModels(1).build();
    Loads.succeed(one.recorder("a", "1"));
    PredictionRecorder folded = one.recorder("b", "1");
    Loads.succeed(folded);
    assertThat(one.summary().models())
        .extracting(ModelSummary::model, ModelSummary::ready)
        .containsExactly(tuple("a", Optional.of(true)), tuple("other", Optional.of(true)));
  }

  @Test
  void summary_ofSomeModels_asksForEachInTheirOrder() {
    metrics.recorder("churn", "1");
    metrics.recorder("fraud", "2").run(() -> {});
    metrics.recorder("fraud", "1");
    List<String> asked = new ArrayList<>();

    MetricsSummary summary =
        metrics.summary(
            (model, version) -> {
              asked.add(model + version);
              return version.equals("2");
            });

    assertThat(asked).containsExactly("churn1", "fraud1", "fraud2");
    assertThat(summary.models()).extracting(ModelSummary::model).containsExactly("fraud");
    assertThat(summary.models().get(0).successes()).isEqualTo(1);
  }
}
