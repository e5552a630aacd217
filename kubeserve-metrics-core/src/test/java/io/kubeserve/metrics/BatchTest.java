package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder();

  @Test
  void noBatch_hasNoSeriesOfBatches() {
    recorder.run(() -> {});

    assertThat(Scrape.of(registry).text()).doesNotContain("batch", "predicted_items");
  }

  @Test
  void batchSize_isOnePredictionOfSoManyItems() {
    List<String> answers =
        recorder.timeStages(
            prediction -> {
              prediction.batchSize(5);
              return List.of("a");
            });

    assertThat(answers).containsExactly("a");

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.successes()).isEqualTo(1);
    assertThat(scrape.count()).isEqualTo(1);
    assertThat(scrape.inFlight()).isZero();
    assertThat(scrape.value("predicted_items_total")).isEqualTo(5);
    assertThat(scrape.value("prediction_batch_size_sum")).isEqualTo(5);
    assertThat(scrape.value("prediction_batch_size_bucket{le=\"4.0\"}")).isZero();
    assertThat(scrape.value("prediction_batch_size_bucket{le=\"8.0\"}")).isEqualTo(1);
  }

  @Test
  void batchSize_ofOne_isSampledToo() {
    recorder.timeStages(
        prediction -> {
          prediction.batchSize(1);
          return "a";
        });

    assertThat(Scrape.of(registry).value("prediction_batch_size_bucket{le=\"1.0\"}")).isEqualTo(1);
  }

  @Test
  void batchSize_ofNone_isABatchOfNoItems() {
    recorder.timeStages(
        prediction -> {
          prediction.batchSize(0);
          return "a";
        });
    recorder.timeStages(
        prediction -> {
          prediction.batchSize(-3);
          return "a";
        });

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("prediction_batch_size_count")).isEqualTo(2);
    assertThat(scrape.value("prediction_batch_size_sum")).isZero();
    assertThat(scrape.value("predicted_items_total")).isZero();
  }

  @Test
  void batchSize_beyondTheLastBound_isAboveEvery() {
    recorder.timeStages(
        prediction -> {
          prediction.batchSize(Integer.MAX_VALUE);
          return "a";
        });

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("prediction_batch_size_bucket{le=\"1024.0\"}")).isZero();
    assertThat(scrape.value("prediction_batch_size_sum")).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void batchSize_throws_sizeCountsAndItemsDoNot() {
    IllegalStateException failure = new IllegalStateException();

    assertThatThrownBy(
            () ->
                recorder.timeStages(
                    prediction -> {
                      prediction.batchSize(7);
                      throw failure;
                    }))
        .isSameAs(failure);

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.errors()).isEqualTo(1);
    assertThat(scrape.value("prediction_batch_size_sum")).isEqualTo(7);
    assertThat(scrape.value("predicted_items_total")).isZero();
  }

  @Test
  void batchSize_ofAPrediction_countsOnceWhenItEnds() {
    Prediction prediction = recorder.start();
    prediction.batchSize(3);
    assertThat(Scrape.of(registry).text()).doesNotContain("batch_size");
    prediction.success();
    prediction.close();
    prediction.close();

    assertThat(Scrape.of(registry).value("prediction_batch_size_sum")).isEqualTo(3);
    assertThat(Scrape.of(registry).value("predicted_items_total")).isEqualTo(3);
  }
}
