package io.kubeserve.grafana;

/** What goes on inside a prediction. Most of it has data only where a server tells of it. */
final class InsidePanels {
  private static final String STAGE = "prediction_stage_latency_ms";
  private static final String BATCH = "prediction_batch_size";
  private static final String FIRST = "gen_ai_server_time_to_first_token_seconds";
  private static final String BETWEEN = "gen_ai_server_time_per_output_token_seconds";

  private InsidePanels() {}

  static Panel[] of(String selector) {
    return new Panel[] {
      Panel.timeseries(
              "Time by Stage",
              "ms",
              "Average time of each stage of a prediction: prediction_stage_latency_ms, of servers that tell their stages.")
          .told("{{stage}}", Promql.averageBy("stage", STAGE, selector))
          .stacked(),
      Panel.timeseries(
              "Time by Stage, P95",
              "ms",
              "95th percentile of each stage, which do not add up: prediction_stage_latency_ms, of servers that tell their stages.")
          .told("{{stage}}", Promql.quantileBy("stage", 0.95, STAGE, selector)),
      Panel.timeseries(
              "Waiting and in Flight",
              "short",
              "Predictions that wait in a queue and all that have not ended, by pod: prediction_queue_depth, predictions_in_flight.")
          .query("waiting {{pod}}", "sum by (pod) (prediction_queue_depth{" + selector + "})")
          .query("in flight {{pod}}", "sum by (pod) (predictions_in_flight{" + selector + "})"),
      Panel.timeseries(
              "Errors by Reason",
              "reqps",
              "Failed predictions per second by reason, once one failed: prediction_errors_total.")
          .failures("{{reason}}", Promql.rate("reason", "prediction_errors_total", selector)),
      Panel.timeseries(
              "Batch Size",
              "short",
              "Items of a prediction, average and 95th percentile: prediction_batch_size, of servers that tell their batches.")
          .told("average", Promql.average(BATCH, selector))
          .told("P95", Promql.quantile(0.95, BATCH, selector)),
      Panel.timeseries(
              "Items",
              "short",
              "Items per second that batches and streams had: predicted_items_total, prediction_stream_items_total, of servers that tell them.")
          .told("predicted", Promql.rate("", "predicted_items_total", selector))
          .told("streamed", Promql.rate("", "prediction_stream_items_total", selector)),
      Panel.timeseries(
              "Streams",
              "s",
              "Time to the first item and between items: gen_ai_server_time_to_first_token_seconds, gen_ai_server_time_per_output_token_seconds, of servers that tell their streams.")
          .told("first item, P50", Promql.quantile(0.5, FIRST, selector))
          .told("first item, P95", Promql.quantile(0.95, FIRST, selector))
          .told("between items, P95", Promql.quantile(0.95, BETWEEN, selector)),
    };
  }
}
