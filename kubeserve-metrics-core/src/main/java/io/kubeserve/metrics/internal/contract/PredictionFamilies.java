package io.kubeserve.metrics.internal.contract;

import java.util.List;

/** The metric families about the predictions of models. */
public final class PredictionFamilies {
  /** The latency of every prediction, whatever its status. */
  public static final MetricFamily PREDICTION_LATENCY =
      new MetricFamily(
          "prediction_latency_ms",
          MetricFamily.Type.HISTOGRAM,
          "Prediction latency in milliseconds",
          List.of());

  /** The predictions that have ended, by status. */
  public static final MetricFamily PREDICTIONS =
      new MetricFamily(
          "predictions_total",
          MetricFamily.Type.COUNTER,
          "Total number of predictions",
          List.of(LabelName.STATUS));

  /** The predictions under way: what an autoscaler reads as load. */
  public static final MetricFamily PREDICTIONS_IN_FLIGHT =
      new MetricFamily(
          "predictions_in_flight",
          MetricFamily.Type.GAUGE,
          "Number of predictions that have started and not ended",
          List.of());

  /**
   * The predictions that are errors, by reason, from the first on: together those of status error.
   */
  public static final MetricFamily PREDICTION_ERRORS =
      new MetricFamily(
          "prediction_errors_total",
          MetricFamily.Type.COUNTER,
          "Total number of predictions that were errors by reason",
          List.of(LabelName.REASON));

  /** The predictions that wait for their turn: what an autoscaler reads as demand. */
  public static final MetricFamily PREDICTION_QUEUE_DEPTH =
      new MetricFamily(
          "prediction_queue_depth",
          MetricFamily.Type.GAUGE,
          "Number of predictions in queues",
          List.of());

  /** The times that predictions spent in each stage; only of stages that are told. */
  public static final MetricFamily PREDICTION_STAGE_LATENCY =
      new MetricFamily(
          "prediction_stage_latency_ms",
          MetricFamily.Type.HISTOGRAM,
          "Time that predictions spent in a stage in milliseconds",
          List.of(LabelName.STAGE));

  /** The sizes of batches, whatever their status; only where batches are told. */
  public static final MetricFamily PREDICTION_BATCH_SIZE =
      new MetricFamily(
          "prediction_batch_size",
          MetricFamily.Type.HISTOGRAM,
          "Number of items of a prediction",
          List.of());

  /** The items of batches that succeeded; only where batches are told. */
  public static final MetricFamily PREDICTED_ITEMS =
      new MetricFamily(
          "predicted_items_total",
          MetricFamily.Type.COUNTER,
          "Total number of items that were predicted successfully",
          List.of());

  /** The items that streams have sent, whatever became of them; only once there is a stream. */
  public static final MetricFamily PREDICTION_STREAM_ITEMS =
      new MetricFamily(
          "prediction_stream_items_total",
          MetricFamily.Type.COUNTER,
          "Total number of items that streams have sent",
          List.of());

  /** How long streams took; only once there is one. */
  public static final MetricFamily STREAM_DURATION =
      new MetricFamily(
          "gen_ai_server_request_duration_seconds",
          MetricFamily.Type.HISTOGRAM,
          "Generative AI server request duration such as time-to-last byte or last output token",
          List.of());

  /** How long the first item of a stream took; only once there is one. */
  public static final MetricFamily STREAM_FIRST_ITEM =
      new MetricFamily(
          "gen_ai_server_time_to_first_token_seconds",
          MetricFamily.Type.HISTOGRAM,
          "Time to generate first token for successful responses",
          List.of());

  /** How long each further item of a stream took; only once there is one. */
  public static final MetricFamily STREAM_BETWEEN_ITEMS =
      new MetricFamily(
          "gen_ai_server_time_per_output_token_seconds",
          MetricFamily.Type.HISTOGRAM,
          "Time per output token generated after the first token for successful responses",
          List.of());

  /** How long the model took to load, the last time; only of models that were loaded. */
  public static final MetricFamily MODEL_LOAD =
      new MetricFamily(
          "model_load_seconds",
          MetricFamily.Type.GAUGE,
          "Time that the last load of the model took in seconds, with its warm-up",
          List.of());

  /** Whether the model can predict; only of models whose load is told. */
  public static final MetricFamily MODEL_READY =
      new MetricFamily(
          "model_ready", MetricFamily.Type.GAUGE, "Whether the model is loaded: 1 or 0", List.of());

  /** The loads that failed, of any model; only once a load is told. */
  public static final MetricFamily MODEL_LOAD_FAILURES =
      new MetricFamily(
          "model_load_failures_total",
          MetricFamily.Type.COUNTER,
          "Total number of loads of a model that failed",
          List.of());

  /** Which model and version is there; only of models whose load is told. */
  public static final MetricFamily MODEL_INFO =
      new MetricFamily(
          "model_info",
          MetricFamily.Type.INFO,
          "The model and its version; the value is 1",
          List.of(LabelName.MODEL, LabelName.VERSION));

  /** The quantiles of latency over a sliding window; only when asked for. */
  public static final MetricFamily PREDICTION_LATENCY_QUANTILE =
      new MetricFamily(
          "prediction_latency_quantile_ms",
          MetricFamily.Type.GAUGE,
          "Quantiles of the prediction latency over a sliding window in milliseconds",
          List.of(LabelName.QUANTILE));

  /** The longest latency over a sliding window; only when asked for. */
  public static final MetricFamily PREDICTION_LATENCY_MAX =
      new MetricFamily(
          "prediction_latency_max_ms",
          MetricFamily.Type.GAUGE,
          "Maximum of the prediction latency over a sliding window in milliseconds",
          List.of());

  /** The self-metric of the limit on models. */
  public static final MetricFamily PREDICTION_MODELS_FOLDED =
      new MetricFamily(
          "prediction_models_folded_total",
          MetricFamily.Type.COUNTER,
          "Total number of recorder requests folded into \"other\"",
          List.of());

  /** The self-metric of the limit on label sets; only where label names are declared. */
  public static final MetricFamily PREDICTION_LABEL_SETS_FOLDED =
      new MetricFamily(
          "prediction_label_sets_folded_total",
          MetricFamily.Type.COUNTER,
          "Total number of times that label values were folded into \"other\"",
          List.of());

  /** Every family, in the order in which they are shown. */
  public static final List<MetricFamily> ALL =
      List.of(
          PREDICTION_LATENCY,
          PREDICTIONS,
          PREDICTIONS_IN_FLIGHT,
          PREDICTION_ERRORS,
          PREDICTION_QUEUE_DEPTH,
          PREDICTION_STAGE_LATENCY,
          PREDICTION_BATCH_SIZE,
          PREDICTED_ITEMS,
          PREDICTION_STREAM_ITEMS,
          STREAM_DURATION,
          STREAM_FIRST_ITEM,
          STREAM_BETWEEN_ITEMS,
          MODEL_LOAD,
          MODEL_READY,
          MODEL_LOAD_FAILURES,
          MODEL_INFO,
          PREDICTION_LATENCY_QUANTILE,
          PREDICTION_LATENCY_MAX,
          PREDICTION_MODELS_FOLDED,
          PREDICTION_LABEL_SETS_FOLDED);

  private PredictionFamilies() {}
}
