package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The proof on Jetty, with the JVM metrics of client_java, stages, batches and streams. */
class JettyLiveProofIT extends LiveProof {
  private static final double EXACT = 1e-9;

  JettyLiveProofIT() {
    super("jetty-onnx-server", true);
  }

  @Test
  void stages_areAllThereAndNoLongerThanThePredictions() {
    assertThat(panel(Dashboards.DEPLOYMENT, "Time by Stage", "stage", 0))
        .containsOnlyKeys("queue", "preprocess", "inference", "postprocess");
    assertThat(number("sum(prediction_stage_latency_ms_sum{deployment=\"iris\"})"))
        .isPositive()
        .isLessThanOrEqualTo(number("sum(prediction_latency_ms_sum{deployment=\"iris\"})"));
    // Server B sleeps in the model.
    assertThat(
            number("sum(prediction_stage_latency_ms_sum{deployment=\"iris\",stage=\"inference\"})"))
        .isGreaterThan(2.0 * Platform.SUCCESSES_OF_B * Platform.LATENCY_OF_B_MILLIS);
  }

  @Test
  void batches_haveTheItemsThatWereSent() {
    double single = 2.0 * (Platform.SUCCESSES_OF_A + Platform.SUCCESSES_OF_B);
    double items = single + 2.0 * Platform.BATCHES_OF_A * Platform.ROWS;

    assertThat(number("sum(predicted_items_total{deployment=\"iris\"})"))
        .isCloseTo(items, within(EXACT));
    assertThat(number("sum(prediction_batch_size_sum{deployment=\"iris\"})"))
        .isCloseTo(items + Platform.ERRORS_OF_A, within(EXACT));
  }

  @Test
  void streams_haveTheItemsThatWereSent() {
    double streams = 2.0 * Platform.STREAMS_OF_A;

    assertThat(number("sum(prediction_stream_items_total{deployment=\"iris\"})"))
        .isCloseTo(streams * Platform.ROWS, within(EXACT));
    assertThat(number("sum(gen_ai_server_time_to_first_token_seconds_count{deployment=\"iris\"})"))
        .isCloseTo(streams, within(EXACT));
    assertThat(
            number("sum(gen_ai_server_time_per_output_token_seconds_count{deployment=\"iris\"})"))
        .isCloseTo(streams * (Platform.ROWS - 1), within(EXACT));
  }

  @Test
  void errors_haveTheReasonOfTheirRows() {
    assertThat(number("sum(prediction_errors_total{deployment=\"iris\",reason=\"invalid_input\"})"))
        .isCloseTo(Platform.ERRORS_OF_A, within(EXACT));
    assertThat(number("sum(prediction_errors_total{deployment=\"iris\"})"))
        .isCloseTo(Platform.ERRORS_OF_A, within(EXACT));
  }

  @Test
  void autoscaler_findsOneSeriesOfEachGaugeInEveryPod() {
    for (String gauge : new String[] {"prediction_queue_depth", "predictions_in_flight"}) {
      assertThat(number("max(count by (pod) (" + gauge + "))")).isEqualTo(1);
      assertThat(number("count(count_over_time(" + gauge + "{deployment=\"iris\"}[1h]))"))
          .isEqualTo(2);
    }
    assertThat(number("min(model_ready{deployment=\"iris\"})")).isEqualTo(1);
  }
}
