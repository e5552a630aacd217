package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels of a user's own: what is recorded with them, and how many there can be. */
class OwnLabelsTest {
  private static final String TENANTS = "predictions_total{status=\"success\",tenant=\"%s\"}";

  private static final String OTHERS =
      "predictions_total{model=\"other\",status=\"success\",tenant=\"%s\",version=\"other\"}";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics = builder().labelNames("tenant").build();

  private PredictionMetricsBuilder builder() {
    return PredictionMetrics.builder().registry(registry).ticker(ticker);
  }

  private double value(String series) {
    return Scrape.of(registry).value(series);
  }

  private boolean hasSeriesOf(String tenant) {
    return Scrape.of(registry).series().stream()
        .anyMatch(series -> series.contains("tenant=\"" + tenant + "\""));
  }

  private static String of(String model, String tenant) {
    return "predictions_total{model=\"%s\",status=\"success\",tenant=\"%s\",version=\"1\"}"
        .formatted(model, tenant);
  }

  @Test
  void withLabelValues_recordsBesideTheOthers() {
    PredictionRecorder recorder = metrics.recorder();
    recorder.run(() -> {});
    recorder.withLabelValues("acme").run(() -> {});
    recorder.withLabelValues("acme").run(() -> {});
    recorder.withLabelValues("globex").run(() -> {});

    assertThat(value("predictions_total{status=\"success\"}")).isEqualTo(1);
    assertThat(value(TENANTS.formatted("acme"))).isEqualTo(2);
    assertThat(value(TENANTS.formatted("globex"))).isEqualTo(1);
  }

  @Test
  void withLabelValues_asked_isThereAtZero() {
    metrics.recorder().withLabelValues("acme");

    assertThat(value(TENANTS.formatted("acme"))).isZero();
    assertThat(value("predictions_total{status=\"error\",tenant=\"acme\"}")).isZero();
    assertThat(value("predictions_in_flight{tenant=\"acme\"}")).isZero();
  }

  @Test
  void withLabelValues_everyKindOfSeriesHasThem() {
    PredictionRecorder acme = metrics.recorder().withLabelValues("acme");
    acme.timeStages(
        prediction -> {
          prediction.batchSize(3);
          prediction.endStage(Stage.INFERENCE);
          return "";
        });
    acme.recordError(Duration.ofMillis(5), ErrorReason.TIMEOUT);
    try (PredictionStream stream = acme.startStream()) {
      stream.item();
      stream.success();
    }

    for (String series :
        new String[] {
          "prediction_latency_ms_count{tenant=\"acme\"}",
          "prediction_errors_total{reason=\"timeout\",tenant=\"acme\"}",
          "prediction_stage_latency_ms_count{stage=\"inference\",tenant=\"acme\"}",
          "predicted_items_total{tenant=\"acme\"}",
          "prediction_batch_size_count{tenant=\"acme\"}",
          "prediction_stream_items_total{tenant=\"acme\"}",
          "gen_ai_server_request_duration_seconds_count{tenant=\"acme\"}"
        }) {
      assertThat(value(series)).as(series).isPositive();
    }
  }

  @Test
  void withLabelValues_sameValues_isTheSameRecorder() {
    PredictionRecorder recorder = metrics.recorder("iris", "1");
    PredictionRecorder acme = recorder.withLabelValues("acme");

    assertThat(recorder.withLabelValues("acme")).isSameAs(acme);
    assertThat(acme.withLabelValues("acme")).isSameAs(acme);
    assertThat(acme.withLabelValues("globex")).isSameAs(recorder.withLabelValues("globex"));
    assertThat(metrics.recorder("iris", "2").withLabelValues("acme")).isNotSameAs(acme);
  }

  @Test
  void model_ofEveryLabelSet_isTheModel() {
    PredictionRecorder recorder = metrics.recorder("iris", "1");
    PredictionRecorder acme = recorder.withLabelValues("acme");
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    acme.record(Duration.ofMillis(30), Status.ERROR);
    acme.start();

    assertThat(acme.model()).isSameAs(recorder.model());
    assertThat(acme.model().latency().count()).isEqualTo(2);
    assertThat(acme.model().latency().meanMillis()).isEqualTo(20);
    assertThat(acme.model().recentLatency().count()).isEqualTo(2);
    ModelSummary summary = metrics.summary().models().get(0);
    assertThat(summary.successes()).isEqualTo(1);
    assertThat(summary.errors()).containsEntry(ErrorReason.OTHER, 1L);
    assertThat(summary.inFlight()).isEqualTo(1);
    assertThat(metrics.summary().models()).hasSize(1);
  }

  @Test
  void load_ofALabelSet_isTheModels() {
    PredictionRecorder acme = metrics.recorder("iris", "1").withLabelValues("acme");
    acme.model().load(() -> "model");

    assertThat(metrics.recorder("iris", "1").model().isReady()).isTrue();
    assertThat(value("model_ready{model=\"iris\",version=\"1\"}")).isEqualTo(1);
  }

  @Test
  void load_warmsUp_noLabelSetShowsIt() {
    PredictionRecorder recorder = metrics.recorder();
    PredictionRecorder acme = recorder.withLabelValues("acme");
    recorder
        .model()
        .load(
            () -> {
              acme.run(() -> {});
              recorder.withLabelValues("globex").record(Duration.ofMillis(1), Status.SUCCESS);
              return "model";
            });
    acme.run(() -> {});

    assertThat(value(TENANTS.formatted("acme"))).isEqualTo(1);
    assertThat(value(TENANTS.formatted("globex"))).isZero();
  }

  @Nested
  class Limit {
    private final PrometheusRegistry few = new PrometheusRegistry();
    private final PredictionMetrics two =
        PredictionMetrics.builder()
            .registry(few)
            .ticker(ticker)
            .labelNames("tenant")
            .maxLabelSets(2)
            .build();

    private double two(String series) {
      return Scrape.of(few).value(series);
    }

    @Test
    void pastIt_valuesAreOther_ofTheSameModel() {
      PredictionRecorder iris = two.recorder("iris", "1");
      PredictionRecorder fraud = two.recorder("fraud", "1");
      iris.withLabelValues("a").run(() -> {});
      fraud.withLabelValues("a").run(() -> {});
      iris.withLabelValues("b").run(() -> {});
      fraud.withLabelValues("c").run(() -> {});
      fraud.withLabelValues("d").run(() -> {});

      assertThat(two(of("iris", "a"))).isEqualTo(1);
      assertThat(two(of("iris", "other"))).isEqualTo(1);
      assertThat(two(of("fraud", "a"))).isEqualTo(1);
      assertThat(two(of("fraud", "other"))).isEqualTo(2);
      assertThat(two("prediction_label_sets_folded_total")).isEqualTo(3);
    }

    @Test
    void pastIt_noneIsKept() {
      PredictionRecorder recorder = two.recorder();
      for (int i = 0; i < 1000; i++) {
        recorder.withLabelValues("tenant " + i).run(() -> {});
      }

      assertThat(recorder.withLabelValues("x")).isSameAs(recorder.withLabelValues("y"));
      assertThat(two(TENANTS.formatted("other"))).isEqualTo(998);
      assertThat(Scrape.of(few).series())
          .filteredOn(series -> series.startsWith("predictions_in_flight"))
          .hasSize(4);
    }

    @Test
    void pastIt_whatIsShownAlready_isNotFolded() {
      PrometheusRegistry registry = new PrometheusRegistry();
      PredictionMetrics one =
          PredictionMetrics.builder()
              .registry(registry)
              .labelNames("tenant")
              .maxModels(1)
              .maxLabelSets(1)
              .build();
      one.recorder("a", "1");
      one.recorder("b", "1").withLabelValues("acme").run(() -> {});
      one.recorder("c", "1").withLabelValues("acme").run(() -> {});

      Scrape scrape = Scrape.of(registry);
      assertThat(scrape.value(OTHERS.formatted("acme"))).isEqualTo(2);
      assertThat(scrape.value("prediction_label_sets_folded_total")).isZero();
    }

    @Test
    void other_takesNoRoom() {
      PredictionRecorder recorder = two.recorder();
      recorder.withLabelValues(" ").run(() -> {});
      recorder.withLabelValues("a").run(() -> {});
      recorder.withLabelValues("b").run(() -> {});

      assertThat(two(TENANTS.formatted("a"))).isEqualTo(1);
      assertThat(two(TENANTS.formatted("b"))).isEqualTo(1);
      assertThat(two(TENANTS.formatted("other"))).isEqualTo(1);
      assertThat(two("prediction_label_sets_folded_total")).isZero();
    }

    @Test
    void retiredModel_leavesTheNextVersionAsMuchRoom() {
      PredictionRecorder last = two.recorder("iris", "1");
      last.withLabelValues("a");
      last.withLabelValues("b");
      last.model().retire();
      PredictionRecorder next = two.recorder("iris", "2");
      for (String tenant : List.of("a", "b", "c")) {
        next.withLabelValues(tenant).run(() -> {});
      }
      next.model().retire();
      two.recorder("iris", "3").withLabelValues("a").run(() -> {});

      String series =
          "predictions_total{model=\"iris\",status=\"success\",tenant=\"%s\",version=\"%s\"}";
      assertThat(two(series.formatted("a", "2"))).isEqualTo(1);
      assertThat(two(series.formatted("b", "2"))).isEqualTo(1);
      assertThat(two(series.formatted("other", "2"))).isEqualTo(1);
      // With those of both retired ones there are twice as many.
      assertThat(two(series.formatted("other", "3"))).isEqualTo(1);
    }

    @Test
    void modelThatOtherGets_keepsItsLabelSetsWhereThereIsRoom() {
      PrometheusRegistry registry = new PrometheusRegistry();
      PredictionMetrics metrics =
          PredictionMetrics.builder()
              .registry(registry)
              .labelNames("tenant")
              .maxModels(1)
              .maxLabelSets(2)
              .build();
      for (String version : List.of("0", "1")) {
        PredictionRecorder recorder = metrics.recorder("iris", version);
        recorder.withLabelValues("a").run(() -> {});
        recorder.withLabelValues("b").run(() -> {});
        recorder.model().retire();
      }
      metrics.recorder("iris", "2");

      Scrape scrape = Scrape.of(registry);
      assertThat(scrape.value(OTHERS.formatted("a"))).isEqualTo(1);
      assertThat(scrape.value(OTHERS.formatted("b"))).isEqualTo(1);
      assertThat(scrape.value("prediction_label_sets_folded_total")).isZero();
    }

    @Test
    void removedModel_givesItsRoomBack() {
      PredictionRecorder iris = two.recorder("iris", "1");
      iris.withLabelValues("a");
      iris.withLabelValues("b");
      iris.model().remove();
      two.recorder("fraud", "1").withLabelValues("c").run(() -> {});

      assertThat(two(of("fraud", "c"))).isEqualTo(1);
      assertThat(Scrape.of(few).series()).noneMatch(series -> series.contains("iris"));
    }
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "a\nb", "\uD800", "\u2028"})
  void withLabelValues_whatNoLabelCanHave_isOther(String fromAClient) {
    metrics.recorder().withLabelValues(fromAClient).run(() -> {});

    assertThat(value(TENANTS.formatted("other"))).isEqualTo(1);
  }

  @Test
  void withLabelValues_wrongNumber_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.recorder().withLabelValues("acme", "eu"))
        .withMessage(
            "There must be 1 label values, for [tenant], not 2: give them in the order of labelNames(...).");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> metrics.recorder().withLabelValues())
        .withMessageContaining("not 0");
  }

  @Test
  void withLabelValues_noNamesDeclared_isRefused() {
    PredictionMetrics none = PredictionMetrics.builder().registry(new PrometheusRegistry()).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> none.recorder().withLabelValues("acme"))
        .withMessage(
            "No labels of your own are declared: add labelNames(...) to the builder of PredictionMetrics.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pod", "model", "status", "le", "__name", "1st", "ten-ant", ""})
  void labelNames_reservedOrMalformed_isRefused(String name) {
    assertThatIllegalArgumentException().isThrownBy(() -> builder().labelNames(name));
  }

  @Test
  void labelNames_there_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> builder().labelNames("a", "a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().constantLabel("a", "x").labelNames("a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder().labelNames("a").constantLabel("a", "x"));
  }

  @Test
  void retired_labelSetsGoWithTheirModel_onceTheirLastCountsWereSeen() {
    PredictionRecorder old = metrics.recorder("iris", "1");
    PredictionRecorder acme = old.withLabelValues("acme");
    acme.run(() -> {});
    old.model().retire();
    Prediction late = acme.start();
    Scrape.of(registry);
    ticker.advance(Duration.ofMinutes(3));

    assertThat(hasSeriesOf("acme")).as("one is in flight").isTrue();
    late.success();
    late.close();
    assertThat(value(of("iris", "acme"))).as("its end is seen").isEqualTo(2);
    assertThat(hasSeriesOf("acme")).isFalse();
  }

  @Test
  void retired_usedLate_comesBackWithItsCounts() {
    PredictionRecorder old = metrics.recorder("iris", "1");
    PredictionRecorder acme = old.withLabelValues("acme");
    acme.run(() -> {});
    old.model().retire();
    Scrape.of(registry);
    ticker.advance(Duration.ofMinutes(3));
    assertThat(hasSeriesOf("acme")).isFalse();

    acme.run(() -> {});
    acme.record(Duration.ofMillis(1), Status.SUCCESS);

    assertThat(value(of("iris", "acme"))).isEqualTo(3);
  }

  @Test
  void ofAFoldedModel_sharesWithThoseOfOther() {
    PredictionMetrics one =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .labelNames("tenant")
            .maxModels(1)
            .build();
    one.recorder("a", "1");
    one.recorder("b", "1").withLabelValues("acme").run(() -> {});
    one.recorder("c", "1").withLabelValues("acme").run(() -> {});

    assertThat(one.summary().models().get(1).model()).isEqualTo("other");
    assertThat(one.summary().models().get(1).successes()).isEqualTo(2);
  }

  @Test
  void unregistered_recordsInVain() {
    PredictionRecorder acme = metrics.recorder().withLabelValues("acme");
    metrics.unregister();
    acme.run(() -> {});

    assertThat(Scrape.of(registry).series()).isEmpty();
  }
}
