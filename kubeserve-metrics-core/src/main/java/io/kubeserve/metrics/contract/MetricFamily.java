package io.kubeserve.metrics.contract;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A metric family of the contract: its subject, name, type, HELP text and own labels. */
public enum MetricFamily {
  /** The latency of every prediction, whatever its status. */
  PREDICTION_LATENCY(
      Subject.PREDICTIONS,
      "prediction_latency_ms",
      Type.HISTOGRAM,
      "Prediction latency in milliseconds",
      List.of()),

  /** The predictions that have ended, by status. */
  PREDICTIONS(
      Subject.PREDICTIONS,
      "predictions_total",
      Type.COUNTER,
      "Total number of predictions",
      List.of(LabelName.STATUS)),

  /** The predictions under way: what an autoscaler reads as load. */
  PREDICTIONS_IN_FLIGHT(
      Subject.PREDICTIONS,
      "predictions_in_flight",
      Type.GAUGE,
      "Number of predictions that have started and not ended",
      List.of()),

  /**
   * The predictions that are errors, by reason, from the first on: together those of status error.
   */
  PREDICTION_ERRORS(
      Subject.PREDICTIONS,
      "prediction_errors_total",
      Type.COUNTER,
      "Total number of predictions that were errors by reason",
      List.of(LabelName.REASON)),

  /** The predictions that wait for their turn: what an autoscaler reads as demand. */
  PREDICTION_QUEUE_DEPTH(
      Subject.PREDICTIONS,
      "prediction_queue_depth",
      Type.GAUGE,
      "Number of predictions that wait in the queues of the server",
      List.of()),

  /** The times that predictions spent in each stage; only of stages that are told. */
  PREDICTION_STAGE_LATENCY(
      Subject.PREDICTIONS,
      "prediction_stage_latency_ms",
      Type.HISTOGRAM,
      "Time that predictions spent in a stage in milliseconds",
      List.of(LabelName.STAGE)),

  /** The sizes of batches, whatever their status; only where batches are told. */
  PREDICTION_BATCH_SIZE(
      Subject.PREDICTIONS,
      "prediction_batch_size",
      Type.HISTOGRAM,
      "Number of items of a prediction",
      List.of()),

  /** The items of batches that succeeded; only where batches are told. */
  PREDICTED_ITEMS(
      Subject.PREDICTIONS,
      "predicted_items_total",
      Type.COUNTER,
      "Total number of items that were predicted successfully",
      List.of()),

  /** The items that streams have sent, whatever became of them; only once there is a stream. */
  PREDICTION_STREAM_ITEMS(
      Subject.PREDICTIONS,
      "prediction_stream_items_total",
      Type.COUNTER,
      "Total number of items that streams have sent",
      List.of()),

  /** How long streams took; only once there is one. */
  STREAM_DURATION(
      Subject.PREDICTIONS,
      "gen_ai_server_request_duration_seconds",
      Type.HISTOGRAM,
      "Generative AI server request duration such as time-to-last byte or last output token",
      List.of()),

  /** How long the first item of a stream took; only once there is one. */
  STREAM_FIRST_ITEM(
      Subject.PREDICTIONS,
      "gen_ai_server_time_to_first_token_seconds",
      Type.HISTOGRAM,
      "Time to generate first token for successful responses",
      List.of()),

  /** How long each further item of a stream took; only once there is one. */
  STREAM_BETWEEN_ITEMS(
      Subject.PREDICTIONS,
      "gen_ai_server_time_per_output_token_seconds",
      Type.HISTOGRAM,
      "Time per output token generated after the first token for successful responses",
      List.of()),

  /** How long the model took to load, the last time; only of models that were loaded. */
  MODEL_LOAD(
      Subject.PREDICTIONS,
      "model_load_seconds",
      Type.GAUGE,
      "Time that the last load of the model took in seconds, with its warm-up",
      List.of()),

  /** Whether the model can predict; only of models whose load is told. */
  MODEL_READY(
      Subject.PREDICTIONS,
      "model_ready",
      Type.GAUGE,
      "Whether the model is loaded: 1 or 0",
      List.of()),

  /** The loads that failed, of any model; only once a load is told. */
  MODEL_LOAD_FAILURES(
      Subject.PREDICTIONS,
      "model_load_failures_total",
      Type.COUNTER,
      "Total number of loads of a model that failed",
      List.of()),

  /** Which model and version is there; only of models whose load is told. */
  MODEL_INFO(
      Subject.PREDICTIONS,
      "model_info",
      Type.INFO,
      "The model and its version; the value is 1",
      List.of(LabelName.MODEL, LabelName.VERSION)),

  /** The quantiles of latency over a sliding window; only when asked for. */
  PREDICTION_LATENCY_QUANTILE(
      Subject.PREDICTIONS,
      "prediction_latency_quantile_ms",
      Type.GAUGE,
      "Quantiles of the prediction latency over a sliding window in milliseconds",
      List.of(LabelName.QUANTILE)),

  /** The longest latency over a sliding window; only when asked for. */
  PREDICTION_LATENCY_MAX(
      Subject.PREDICTIONS,
      "prediction_latency_max_ms",
      Type.GAUGE,
      "Maximum of the prediction latency over a sliding window in milliseconds",
      List.of()),

  /** The self-metric of the limit on models. */
  PREDICTION_MODELS_FOLDED(
      Subject.PREDICTIONS,
      "prediction_models_folded_total",
      Type.COUNTER,
      "Total number of requests for a recorder that were folded into model=\"other\"",
      List.of()),

  /** The self-metric of the limit on label sets; only where label names are declared. */
  PREDICTION_LABEL_SETS_FOLDED(
      Subject.PREDICTIONS,
      "prediction_label_sets_folded_total",
      Type.COUNTER,
      "Total number of requests for a recorder whose label values were folded into \"other\"",
      List.of()),

  /** The requests that have been answered. */
  HTTP_REQUESTS(
      Subject.HTTP,
      "http_requests_total",
      Type.COUNTER,
      "Total number of requests by method, status and handler.",
      List.of(LabelName.METHOD, LabelName.STATUS, LabelName.HANDLER)),

  /** The sizes of requests; the space at the end of the HELP text is the Python side's. */
  HTTP_REQUEST_SIZE(
      Subject.HTTP,
      "http_request_size_bytes",
      Type.SUMMARY,
      "Content length of incoming requests by handler. Only value of header is respected."
          + " Otherwise ignored. No percentile calculated. ",
      List.of(LabelName.HANDLER)),

  /** The sizes of responses; the space at the end of the HELP text is the Python side's. */
  HTTP_RESPONSE_SIZE(
      Subject.HTTP,
      "http_response_size_bytes",
      Type.SUMMARY,
      "Content length of outgoing responses by handler. Only value of header is respected."
          + " Otherwise ignored. No percentile calculated. ",
      List.of(LabelName.HANDLER)),

  /** The durations of all requests, fine; the space at the end of the HELP text as above. */
  HTTP_REQUEST_DURATION_HIGHR(
      Subject.HTTP,
      "http_request_duration_highr_seconds",
      Type.HISTOGRAM,
      "Latency with many buckets but no API specific labels. Made for more accurate percentile"
          + " calculations. ",
      List.of()),

  /** The durations by handler, coarse; the space at the end of the HELP text as above. */
  HTTP_REQUEST_DURATION(
      Subject.HTTP,
      "http_request_duration_seconds",
      Type.HISTOGRAM,
      "Latency with only few buckets by handler. Made to be only used if aggregation by handler"
          + " is important. ",
      List.of(LabelName.METHOD, LabelName.HANDLER)),

  /** The requests under way; only when asked for. */
  HTTP_REQUESTS_IN_PROGRESS(
      Subject.HTTP,
      "http_requests_inprogress",
      Type.GAUGE,
      "Number of HTTP requests in progress.",
      List.of()),

  /** The self-metric of the limit on handlers; only once there was one too many. */
  HTTP_HANDLERS_FOLDED(
      Subject.HTTP,
      "http_handlers_folded_total",
      Type.COUNTER,
      "Total number of requests whose handler was folded into handler=\"other\"",
      List.of()),

  /** The self-metric of the scrape endpoint. */
  COLLECTORS_FAILED(
      Subject.SCRAPE,
      "metrics_collectors_failed_total",
      Type.COUNTER,
      "Total number of times that a collector threw and was left out of a scrape",
      List.of());

  /** What a family is about. */
  public enum Subject {
    /** The predictions of models. */
    PREDICTIONS,
    /** The requests to an HTTP server. */
    HTTP,
    /** The scrape endpoint itself. */
    SCRAPE
  }

  /** The type of a family, as Prometheus names it. */
  public enum Type {
    /** A value that only grows. */
    COUNTER,
    /** A value that goes up and down. */
    GAUGE,
    /** A distribution over buckets. */
    HISTOGRAM,
    /** A count and a sum. */
    SUMMARY,
    /** A gauge that is always 1: what it tells is in its labels. */
    INFO
  }

  /** What client_java adds to a name by itself. */
  private static final Pattern SUFFIX = Pattern.compile("(_total|_info)$");

  private final Subject subject;
  private final String metricName;
  private final Type type;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labelNames;

  MetricFamily(
      Subject subject, String metricName, Type type, String help, List<String> labelNames) {
    this.subject = subject;
    this.metricName = metricName;
    this.type = type;
    this.help = help;
    this.labelNames = labelNames;
  }

  /**
   * Returns the families about a subject.
   *
   * @param subject what they are about
   * @return at least one family, in the order of their declaration
   */
  public static List<MetricFamily> about(Subject subject) {
    return Arrays.stream(values()).filter(family -> family.subject == subject).toList();
  }

  /**
   * Returns the name as it stands in PromQL.
   *
   * @return the name, for a counter with {@code _total}
   */
  public String metricName() {
    return metricName;
  }

  /**
   * Returns the name as client_java's registry knows it.
   *
   * @return the name, without {@code _total} and {@code _info}
   */
  public String registryName() {
    return SUFFIX.matcher(metricName).replaceFirst("");
  }

  /**
   * Returns the type.
   *
   * @return the type, as Prometheus names it
   */
  public Type type() {
    return type;
  }

  /**
   * Returns the HELP text.
   *
   * @return one line
   */
  public String help() {
    return help;
  }

  /**
   * Returns the labels that the family always has, besides those that a configuration adds.
   *
   * @return the label names, never {@code le}
   */
  public List<String> labelNames() {
    return labelNames;
  }
}
