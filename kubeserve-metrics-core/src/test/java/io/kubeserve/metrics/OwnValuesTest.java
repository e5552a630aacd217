package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stages and reasons of a user's own. */
class OwnValuesTest {
  private static final Stage TOKENIZE = Stage.of("tokenize");
  private static final ErrorReason QUOTA = ErrorReason.of("quota");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();

  private PredictionMetricsBuilder builder() {
    return PredictionMetrics.builder().registry(registry).ticker(ticker);
  }

  private double value(String series) {
    return Scrape.of(registry).value(series);
  }

  @Nested
  class Reasons {
    @Test
    void declared_isASeriesOfItsOwn_andAllAreThereFromTheFirstError() {
      PredictionRecorder recorder = builder().errorReasons(QUOTA).build().recorder();
      recorder.recordError(Duration.ofMillis(3), QUOTA);

      assertThat(value("prediction_errors_total{reason=\"quota\"}")).isEqualTo(1);
      assertThat(value("prediction_errors_total{reason=\"timeout\"}")).isZero();
      assertThat(value("prediction_errors_total{reason=\"other\"}")).isZero();
      assertThat(value("predictions_total{status=\"error\"}")).isEqualTo(1);
    }

    @Test
    void declared_equalOne_isTheSame() {
      PredictionRecorder recorder = builder().errorReasons(QUOTA).build().recorder();
      try (Prediction prediction = recorder.start()) {
        prediction.error(ErrorReason.of("quota"));
      }

      assertThat(value("prediction_errors_total{reason=\"quota\"}")).isEqualTo(1);
    }

    @Test
    void declared_byTheClassifier_counts() {
      PredictionRecorder recorder =
          builder()
              .errorReasons(QUOTA)
              .errorClassifier(thrown -> thrown instanceof SecurityException ? QUOTA : null)
              .build()
              .recorder();
      try (Prediction prediction = recorder.start()) {
        prediction.error(new IllegalStateException(new SecurityException()));
      }

      assertThat(value("prediction_errors_total{reason=\"quota\"}")).isEqualTo(1);
    }

    @Test
    void undeclared_isOther() {
      PredictionRecorder recorder = builder().build().recorder();
      recorder.recordError(Duration.ofMillis(3), QUOTA);

      assertThat(value("prediction_errors_total{reason=\"other\"}")).isEqualTo(1);
      assertThat(Scrape.of(registry).series()).noneMatch(series -> series.contains("quota"));
    }

    @Test
    void summary_hasEveryReason() {
      PredictionMetrics metrics = builder().errorReasons(QUOTA).build();
      metrics.recorder().recordError(Duration.ZERO, QUOTA);

      assertThat(metrics.summary().models().get(0).errors())
          .hasSize(ErrorReason.standard().size() + 1)
          .containsEntry(QUOTA, 1L);
    }

    @Test
    void standardOne_isRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().errorReasons(ErrorReason.of("timeout")))
          .withMessage(
              "The error reason \"timeout\" is there already: declare each one once, and none of [timeout, cancelled, rejected, invalid_input, other].");
    }

    @Test
    void tooMany_areRefused() {
      ErrorReason[] many =
          IntStream.range(0, 17)
              .mapToObj(i -> ErrorReason.of("reason_" + i))
              .toArray(ErrorReason[]::new);

      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().errorReasons(many))
          .withMessageContaining("at most 16 error reasons of your own, not 17");
    }
  }

  @Nested
  class Stages {
    @Test
    void declared_isAHistogramOfItsOwn() {
      PredictionMetrics metrics = builder().stages(TOKENIZE).build();
      metrics
          .recorder()
          .timeStages(
              prediction -> {
                ticker.advanceMillis(4);
                prediction.endStage(Stage.of("tokenize"));
                ticker.advanceMillis(2);
                prediction.endStage(Stage.INFERENCE);
                return "";
              });

      assertThat(value("prediction_stage_latency_ms_sum{stage=\"tokenize\"}")).isEqualTo(4);
      assertThat(value("prediction_stage_latency_ms_sum{stage=\"inference\"}")).isEqualTo(2);
      assertThat(metrics.summary().models().get(0).stages())
          .containsOnlyKeys(TOKENIZE, Stage.INFERENCE);
    }

    @Test
    void undeclared_isOther_andTheRestIsRight() {
      builder()
          .build()
          .recorder()
          .timeStages(
              prediction -> {
                ticker.advanceMillis(4);
                prediction.endStage(TOKENIZE);
                ticker.advanceMillis(2);
                prediction.endStage(Stage.INFERENCE);
                return "";
              });

      assertThat(value("prediction_stage_latency_ms_sum{stage=\"other\"}")).isEqualTo(4);
      assertThat(value("prediction_stage_latency_ms_sum{stage=\"inference\"}")).isEqualTo(2);
    }

    @Test
    void twice_isRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().stages(TOKENIZE, Stage.of("tokenize")))
          .withMessageStartingWith("The stage \"tokenize\" is there already");
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Tokenize", "1st", "feature fetch", "a-b", "é", "a\n"})
  void of_invalidLabelValue_isRefused(String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Stage.of(value))
        .withMessage(
            "The stage \"%s\" is not valid: use 1 to 40 lower-case letters, digits and underscores, and start with a letter.",
            value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ErrorReason.of(value))
        .withMessageStartingWith("The error reason \"%s\" is not valid".formatted(value));
  }

  @Test
  void of_fortyCharacters_isTheLongest() {
    assertThat(Stage.of("a".repeat(40)).labelValue()).hasSize(40);
    assertThatIllegalArgumentException().isThrownBy(() -> Stage.of("a".repeat(41)));
  }

  @Test
  void of_equalLabelValue_isEqual() {
    assertThat(Stage.of("queue")).isEqualTo(Stage.QUEUE).hasSameHashCodeAs(Stage.QUEUE);
    assertThat(Stage.of("queue")).isNotEqualTo(ErrorReason.of("queue")).hasToString("queue");
    assertThat(ErrorReason.of("quota")).isEqualTo(QUOTA).hasSameHashCodeAs(QUOTA);
    assertThat(QUOTA).isNotEqualTo(ErrorReason.OTHER).hasToString("quota");
  }

  @Test
  void record_afterAnOwnError_leavesSuccessesAlone() {
    PredictionRecorder recorder = builder().errorReasons(QUOTA).build().recorder();
    recorder.recordError(Duration.ofMillis(1), QUOTA);
    recorder.record(Duration.ofMillis(1), Status.SUCCESS);
    recorder.record(Duration.ofMillis(1), Status.ERROR);

    assertThat(value("predictions_total{status=\"success\"}")).isEqualTo(1);
    assertThat(value("predictions_total{status=\"error\"}")).isEqualTo(2);
    assertThat(value("prediction_errors_total{reason=\"other\"}")).isEqualTo(1);
  }
}
