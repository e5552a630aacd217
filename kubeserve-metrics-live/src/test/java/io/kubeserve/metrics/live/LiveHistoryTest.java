package io.kubeserve.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The samples of the live page, as its document tells them. */
class LiveHistoryTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SLOW_ABOVE = Duration.ofMillis(500);

  private final ManualTicker ticker = new ManualTicker();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build();

  /** As {@code HttpMetrics.requestsByStatus}. */
  private final Map<String, Long> requests = new TreeMap<>();

  private final LiveHistory history = new LiveHistory(metrics, () -> requests, new JvmReadings());
  private long epochMillis = 1_700_000_000_000L;

  private void sample() {
    ticker.advance(Duration.ofSeconds(1));
    epochMillis += 1000;
    history.sample(epochMillis);
  }

  private JsonNode document(long after) throws IOException {
    return JSON.readTree(LiveDocument.of(history, SLOW_ABOVE, "server", after));
  }

  private JsonNode model() throws IOException {
    return document(-1).at("/models/0");
  }

  private static PredictionRecorder record(PredictionRecorder recorder, int predictions) {
    for (int i = 0; i < predictions; i++) {
      recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    }
    return recorder;
  }

  @Test
  void series_haveWhatEachSampleAdded() throws Exception {
    PredictionRecorder recorder = record(metrics.recorder(), 7);
    sample();
    record(recorder, 3);
    recorder.recordError(Duration.ofMillis(40), ErrorReason.TIMEOUT);
    recorder.start();
    sample();
    sample();

    JsonNode series = model().at("/series");
    assertThat(series.at("/success").toString()).isEqualTo("[0,3,0]");
    assertThat(series.at("/error_timeout").toString()).isEqualTo("[0,1,0]");
    assertThat(series.at("/error_other").toString()).isEqualTo("[0,0,0]");
    assertThat(series.at("/in_flight").toString()).isEqualTo("[0,1,1]");
    assertThat(model().at("/total/success").asInt()).isEqualTo(10);
    assertThat(model().at("/total/error").asInt()).isEqualTo(1);
  }

  @Test
  void quantiles_areOfTheSampleAlone() throws Exception {
    PredictionRecorder recorder = metrics.recorder();
    recorder.record(Duration.ofSeconds(4), Status.SUCCESS);
    sample();
    LatencySnapshot before = recorder.model().latency();
    IntStream.rangeClosed(1, 100)
        .forEach(millis -> recorder.record(Duration.ofMillis(millis), Status.SUCCESS));
    sample();
    sample();

    LatencySnapshot within = recorder.model().latency().since(before);
    for (String name : new String[] {"p50", "p95", "p99", "max"}) {
      double quantile = name.equals("max") ? 1 : Integer.parseInt(name.substring(1)) / 100.0;
      JsonNode values = model().at("/series/" + name + "_ms");
      assertThat(values.get(0).isNull()).isTrue();
      assertThat(values.get(1).asDouble())
          .isCloseTo(within.quantileMillis(quantile), org.assertj.core.data.Offset.offset(1e-4));
      assertThat(values.get(2).isNull()).isTrue();
    }
  }

  @Test
  void stages_areMeansOfTheSample() throws Exception {
    PredictionRecorder recorder = metrics.recorder();
    sample();
    for (int i = 1; i <= 3; i++) {
      int millis = 10 * i;
      recorder.timeStages(
          prediction -> {
            ticker.advanceMillis(millis);
            prediction.endStage(Stage.INFERENCE);
            return "";
          });
    }
    sample();

    assertThat(model().at("/series/stage_inference_ms").toString()).isEqualTo("[null,20]");
    assertThat(model().at("/stages/inference/count").asInt()).isEqualTo(3);
  }

  @Test
  void modelThatComesLater_countsFromItsFirstPrediction() throws Exception {
    sample();
    record(metrics.recorder("iris", "2"), 5);
    sample();

    assertThat(model().at("/series/success").toString()).isEqualTo("[null,5]");
    assertThat(model().at("/model").asString()).isEqualTo("iris");
    assertThat(model().at("/version").asString()).isEqualTo("2");
  }

  @Test
  void recorderThatIsReplaced_isNeverCountedBackwards() throws Exception {
    PredictionRecorder old = record(metrics.recorder("iris", "1"), 5);
    sample();
    old.model().remove();
    metrics.recorder("iris", "1").record(Duration.ofMillis(99), Status.SUCCESS);
    sample();
    record(metrics.recorder("iris", "1"), 4);
    sample();

    assertThat(model().at("/series/success").toString()).isEqualTo("[0,1,4]");
  }

  @Test
  void modelThatIsGone_saysSoAndIsForgottenWithItsLastSample() throws Exception {
    PredictionRecorder recorder = record(metrics.recorder("iris", "1"), 5);
    sample();
    recorder.model().remove();
    sample();
    assertThat(model().at("/state").asString()).isEqualTo("gone");
    assertThat(model().at("/series/success").toString()).isEqualTo("[0,null]");

    for (int i = 2; i < LiveHistory.SAMPLES; i++) {
      sample();
    }
    assertThat(document(-1).at("/models").size()).isEqualTo(1);
    sample();
    sample();
    assertThat(document(-1).at("/models").size()).isZero();
  }

  @Test
  void requests_areAddedUpByTheFirstDigit() throws Exception {
    answer(200);
    sample();
    answer(200);
    answer(204);
    answer(404);
    sample();

    assertThat(document(-1).at("/requests").toString()).isEqualTo("{\"2xx\":[0,2],\"4xx\":[0,1]}");
  }

  private void answer(int status) {
    requests.merge(Integer.toString(status), 1L, Long::sum);
  }

  @Test
  void after_onlyWhatTheViewerMisses() throws Exception {
    metrics.monitorQueue(() -> 4);
    sample();
    sample();
    sample();

    assertThat(document(1).at("/first").asInt()).isEqualTo(2);
    assertThat(document(1).at("/queue_depth").toString()).isEqualTo("[4]");
    assertThat(document(2).at("/queue_depth").toString()).isEqualTo("[]");
    assertThat(document(Long.MAX_VALUE).at("/first").asInt()).isEqualTo(3);
    assertThat(document(Long.MIN_VALUE).at("/first").asInt()).isZero();
  }

  @Test
  void moreSamplesThanAreKept_theOldestAreForgotten() throws Exception {
    PredictionRecorder recorder = metrics.recorder();
    for (int i = 0; i < LiveHistory.SAMPLES + 5; i++) {
      record(recorder, i % 3);
      sample();
    }

    JsonNode document = document(-1);
    assertThat(document.at("/first").asInt()).isEqualTo(5);
    assertThat(document.at("/times_ms").size()).isEqualTo(LiveHistory.SAMPLES);
    assertThat(document.at("/times_ms").get(LiveHistory.SAMPLES - 1).asLong())
        .isEqualTo(epochMillis);
    assertThat(document.at("/models/0/series/success").get(0).asInt()).isEqualTo(5 % 3);
  }

  @Test
  void moreModelsThanAreKept_areCountedAndTakeThePlaceOfThoseThatAreGone() throws Exception {
    PredictionRecorder first = metrics.recorder("m", "0");
    IntStream.rangeClosed(1, LiveHistory.MAX_MODELS)
        .forEach(version -> metrics.recorder("m", "" + version));
    sample();
    assertThat(document(-1).at("/models").size()).isEqualTo(LiveHistory.MAX_MODELS);
    assertThat(document(-1).at("/models_left_out").asInt()).isEqualTo(1);

    first.model().remove();
    sample();
    assertThat(document(-1).at("/models").size()).isEqualTo(LiveHistory.MAX_MODELS);
    assertThat(document(-1).at("/models_left_out").asInt()).isZero();
  }

  @Test
  void distribution_hasEveryLatencyOfTheWindow_alsoAboveTheTopBucket() throws Exception {
    PredictionRecorder recorder = metrics.recorder();
    recorder.record(Duration.ofMillis(10), Status.SUCCESS);
    recorder.record(Duration.ofMillis(11), Status.SUCCESS);
    recorder.record(Duration.ofSeconds(30), Status.SUCCESS);
    recorder.record(Duration.ofHours(1), Status.SUCCESS);
    sample();

    JsonNode bars = model().at("/distribution");
    assertThat(bars.get(0).toString()).isEqualTo("{\"above_ms\":5,\"at_most_ms\":10,\"count\":1}");
    assertThat(bars.get(1).toString()).isEqualTo("{\"above_ms\":10,\"at_most_ms\":20,\"count\":1}");
    assertThat(bars.get(bars.size() - 1).toString())
        .isEqualTo("{\"above_ms\":2000000,\"at_most_ms\":null,\"count\":1}");
    assertThat(IntStream.range(0, bars.size()).map(i -> bars.get(i).at("/count").asInt()).sum())
        .isEqualTo(4);
    assertThat(model().at("/recent/max_ms").asDouble()).isGreaterThan(3_500_000);
  }

  @Test
  void noPrediction_everythingIsThereAndNothingIsANumberThatIsNone() throws Exception {
    metrics.recorder();
    sample();

    assertThat(model().at("/distribution").toString()).isEqualTo("[]");
    assertThat(model().at("/recent/p99_ms").isNull()).isTrue();
    assertThat(document(-1).toString()).doesNotContain("NaN");
  }
}
