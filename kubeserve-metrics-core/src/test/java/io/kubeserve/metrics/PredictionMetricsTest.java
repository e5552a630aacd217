package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionMetricsTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private PredictionMetricsBuilder builder() {
    return PredictionMetrics.builder().registry(registry);
  }

  private Scrape scrape() {
    return Scrape.of(registry);
  }

  @Test
  void scrape_ofTheDefaults_isTheContract() {
    PredictionRecorder recorder = builder().build().recorder();
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.record(Duration.ofMillis(11), Status.SUCCESS);
    recorder.record(Duration.ofSeconds(6), Status.ERROR);

    assertThat(scrape().text())
        .isEqualTo(
            """
            # HELP prediction_errors_total Total number of predictions that were errors by reason
            # TYPE prediction_errors_total counter
            prediction_errors_total{reason="cancelled"} 0.0
            prediction_errors_total{reason="invalid_input"} 0.0
            prediction_errors_total{reason="other"} 1.0
            prediction_errors_total{reason="rejected"} 0.0
            prediction_errors_total{reason="timeout"} 0.0
            # HELP prediction_latency_ms Prediction latency in milliseconds
            # TYPE prediction_latency_ms histogram
            prediction_latency_ms_bucket{le="10.0"} 1
            prediction_latency_ms_bucket{le="50.0"} 2
            prediction_latency_ms_bucket{le="100.0"} 2
            prediction_latency_ms_bucket{le="200.0"} 2
            prediction_latency_ms_bucket{le="500.0"} 2
            prediction_latency_ms_bucket{le="1000.0"} 2
            prediction_latency_ms_bucket{le="2000.0"} 2
            prediction_latency_ms_bucket{le="5000.0"} 2
            prediction_latency_ms_bucket{le="+Inf"} 3
            prediction_latency_ms_count 3
            prediction_latency_ms_sum 6021.0
            # HELP prediction_models_folded_total Total number of recorder requests folded into "other"
            # TYPE prediction_models_folded_total counter
            prediction_models_folded_total 0.0
            # HELP prediction_queue_depth Number of predictions in queues
            # TYPE prediction_queue_depth gauge
            prediction_queue_depth 0.0
            # HELP predictions_total Total number of predictions
            # TYPE predictions_total counter
            predictions_total{status="error"} 1.0
            predictions_total{status="success"} 2.0
            # HELP predictions_in_flight Number of predictions that have started and not ended
            # TYPE predictions_in_flight gauge
            predictions_in_flight 0.0
            """);
  }

  @Test
  void recorder_atFirst_everySeriesIsZero() {
    builder().build().recorder();

    Scrape scrape = scrape();
    assertThat(scrape.successes() + scrape.errors() + scrape.inFlight() + scrape.count()).isZero();
  }

  @Test
  void recorder_again_isTheSame() {
    PredictionMetrics metrics = builder().build();

    assertThat(metrics.recorder()).isSameAs(metrics.recorder());
    assertThat(metrics.recorder("fraud", "3")).isSameAs(metrics.recorder("fraud", "3"));
    assertThat(metrics.recorder("fraud", "3")).isNotSameAs(metrics.recorder("fraud", "4"));
  }

  @Test
  void recorder_ofModels_haveTheirOwnSeries() {
    PredictionMetrics metrics = builder().build();
    metrics.recorder("fraud", "3").run(() -> {});
    metrics.recorder("fraud", "4");

    assertThat(predictions("fraud", "3")).isEqualTo(1);
    assertThat(predictions("fraud", "4")).isZero();
    assertThat(scrape().value("predictions_in_flight{model=\"fraud\",version=\"4\"}")).isZero();
    assertThat(scrape().value("prediction_latency_ms_count{model=\"fraud\",version=\"3\"}"))
        .isEqualTo(1);
  }

  private double predictions(String model, String version) {
    return scrape()
        .value(
            "predictions_total{model=\"%s\",status=\"success\",version=\"%s\"}"
                .formatted(model, version));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t"})
  void recorder_blankModel_saysWhatToChange(String blank) {
    PredictionMetrics metrics = builder().build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.recorder(blank, "3"))
        .withMessageContaining("model")
        .withMessageContaining("name it");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.recorder("fraud", blank))
        .withMessageContaining("version");
  }

  @Test
  void recorder_ofAClosed_saysWhatToChange() {
    PredictionMetrics metrics = builder().build();
    metrics.unregister();

    assertThatIllegalStateException()
        .isThrownBy(metrics::recorder)
        .withMessageContaining("build new ones");
  }

  @Nested
  class Limit {
    private final PredictionMetrics metrics = builder().maxModels(2).build();

    @Test
    void recorder_pastTheLimit_foldsIntoOther() {
      metrics.recorder("a", "1").run(() -> {});
      metrics.recorder("b", "1").run(() -> {});
      metrics.recorder("c", "1").run(() -> {});
      metrics.recorder("d", "1").run(() -> {});

      assertThat(predictions("other", "other")).isEqualTo(2);
      assertThat(scrape().value("prediction_models_folded_total")).isEqualTo(2);
      assertThat(scrape().series()).noneMatch(series -> series.contains("model=\"c\""));
    }

    @Test
    void recorder_knownPastTheLimit_isNotFolded() {
      PredictionRecorder first = metrics.recorder("a", "1");
      metrics.recorder("b", "1");
      metrics.recorder("c", "1");

      assertThat(metrics.recorder("a", "1")).isSameAs(first);
      assertThat(scrape().value("prediction_models_folded_total")).isEqualTo(1);
    }

    @Test
    void recorder_withoutLabels_isNotLimited() {
      metrics.recorder("a", "1");
      metrics.recorder("b", "1");
      metrics.recorder().run(() -> {});

      assertThat(scrape().successes()).isEqualTo(1);
    }

    @Test
    void remove_makesRoomForAnotherModel() {
      metrics.recorder("a", "1");
      PredictionRecorder b = metrics.recorder("b", "1");
      b.model().remove();
      b.model().remove();
      metrics.recorder("c", "1").run(() -> {});
      metrics.recorder("d", "1").run(() -> {});

      assertThat(predictions("c", "1")).isEqualTo(1);
      assertThat(predictions("other", "other")).isEqualTo(1);
    }

    @Test
    void remove_ofOther_keepsWhatOthersShare() {
      metrics.recorder("a", "1");
      metrics.recorder("b", "1");
      metrics.recorder("c", "1").model().remove();
      metrics.recorder("d", "1").run(() -> {});

      assertThat(predictions("other", "other")).isEqualTo(1);
    }

    @Test
    void recorder_namedOther_isTheSharedOne() {
      PredictionRecorder other = metrics.recorder(PredictionMetrics.OTHER, PredictionMetrics.OTHER);
      metrics.recorder("a", "1");
      metrics.recorder("b", "1");

      metrics.recorder("c", "1").run(() -> {});
      assertThat(other.model().latency().count()).isEqualTo(1);
    }
  }

  @Nested
  class Close {
    @Test
    void remove_removesItsSeriesOnly() {
      PredictionMetrics metrics = builder().build();
      PredictionRecorder fraud = metrics.recorder("fraud", "3");
      metrics.recorder("churn", "1").run(() -> {});
      fraud.model().remove();
      fraud.run(() -> {});

      assertThat(scrape().series()).noneMatch(series -> series.contains("fraud"));
      assertThat(predictions("churn", "1")).isEqualTo(1);
    }

    @Test
    void recorder_afterRemove_startsAtZero() {
      PredictionMetrics metrics = builder().build();
      PredictionRecorder first = metrics.recorder("fraud", "3");
      first.run(() -> {});
      first.model().remove();
      PredictionRecorder second = metrics.recorder("fraud", "3");
      first.model().remove();

      assertThat(second).isNotSameAs(first);
      assertThat(predictions("fraud", "3")).isZero();
    }

    @Test
    void unregister_leavesTheRegistryToAnother() {
      PredictionMetrics first = builder().build();
      PredictionRecorder orphan = first.recorder();
      first.unregister();
      orphan.run(() -> {});
      assertThat(scrape().series()).isEmpty();

      builder().build().recorder();
      assertThat(scrape().successes()).isZero();
    }
  }

  @Nested
  class Build {
    @Test
    void build_twiceOnARegistry_saysWhatToChange() {
      builder().build();

      assertThatIllegalStateException()
          .isThrownBy(() -> builder().build())
          .withMessageContaining("build PredictionMetrics once")
          .withMessageContaining("registry(...)");
    }

    @Test
    void build_nameTakenByAnother_saysWhich() {
      Counter.builder().name("predictions_total").help("by hand").register(registry);

      assertThatIllegalStateException()
          .isThrownBy(() -> builder().build())
          .withMessageContaining("named predictions already");
    }

    @ParameterizedTest
    @FieldSource("io.kubeserve.metrics.internal.contract.LabelName#RESERVED")
    void constantLabel_reserved_saysWhatToChange(String reserved) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().constantLabel(reserved, "x"))
          .withMessageContaining('"' + reserved + '"')
          .withMessageContaining("choose a name other than");
    }

    @Test
    void reserved_areTheNamesOfOperatorChartAndContract() {
      assertThat(LabelName.RESERVED)
          .containsExactlyInAnyOrder(
              "namespace",
              "pod",
              "container",
              "service",
              "endpoint",
              "job",
              "instance",
              "deployment",
              "cluster",
              "le",
              "quantile",
              "reason",
              "stage",
              "status",
              "model",
              "version");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "a-b", "ä", "__name__"})
    void constantLabel_malformed_saysWhatToChange(String name) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().constantLabel(name, "x"))
          .withMessageContaining("use letters");
    }

    @Test
    void constantLabel_twice_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().constantLabel("team", "a").constantLabel("team", "b"))
          .withMessageContaining("add each label once");
    }

    @Test
    void constantLabel_blankValue_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().constantLabel("team", " "))
          .withMessageContaining("needs a value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "\u0085", "a\u2028b", "a\ud800", "\u0000x", "\u007f."})
    void labelValue_thatEndsALineForSomeReader_isRefused(String value) {
      PredictionMetrics metrics = builder().build();

      assertThatIllegalArgumentException()
          .isThrownBy(() -> metrics.recorder(value, "1"))
          .withMessageContaining("The model of a recorder contains the character U+");
      assertThatIllegalArgumentException().isThrownBy(() -> metrics.recorder("fraud", value));
      assertThatIllegalArgumentException().isThrownBy(() -> builder().modelInfo("fraud", value));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().constantLabel("team", value))
          .withMessageContaining("The value of the label \"team\" contains");
    }

    @Test
    @SuppressWarnings("NullAway") // callers without null checks
    void ticker_null_isRefused() {
      assertThatNullPointerException().isThrownBy(() -> builder().ticker(null));
    }

    @Test
    void constantLabel_onEverySeries() {
      builder().constantLabel("team", "risk").build().recorder("fraud", "3");

      assertThat(scrape().series()).isNotEmpty().allMatch(s -> s.contains("team=\"risk\""));
    }

    @Test
    void buckets_outOfOrder_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().bucketsMillis(10, 50, 20))
          .withMessageContaining("20.0 follows 50.0")
          .withMessageContaining("sort them");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().bucketsMillis(10, 10))
          .withMessageContaining("drop duplicates");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void buckets_notPositiveAndFinite_saysWhatToChange(double bound) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().bucketsMillis(bound))
          .withMessageContaining("positive, finite");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 65})
    void buckets_noneOrTooMany_saysWhatToChange(int count) {
      double[] bounds = DoubleStream.iterate(1, bound -> bound + 1).limit(count).toArray();

      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().bucketsMillis(bounds))
          .withMessageContaining("1 to 64");
    }

    @Test
    void buckets_ofTheCaller_areCopied() {
      double[] bounds = {1, 2};
      PredictionMetricsBuilder builder = builder().bucketsMillis(bounds);
      bounds[0] = 1.5;
      builder.build().recorder();

      assertThat(scrape().bucket("1.0")).isZero();
    }

    @Test
    void maxModels_none_saysWhatToChange() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder().maxModels(0))
          .withMessageContaining("at least 1");
    }
  }
}
