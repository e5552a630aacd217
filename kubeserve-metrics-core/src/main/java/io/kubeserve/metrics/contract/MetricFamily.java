package io.kubeserve.metrics.contract;

import java.util.List;

/** A metric family of the contract: its name, type, HELP text and own labels. */
public enum MetricFamily {
  /** The latency of every prediction, whatever its status. */
  PREDICTION_LATENCY(
      "prediction_latency_ms", Type.HISTOGRAM, "Prediction latency in milliseconds", List.of()),

  /** The predictions that have ended, by status. */
  PREDICTIONS(
      "predictions_total", Type.COUNTER, "Total number of predictions", List.of(LabelName.STATUS)),

  /** The predictions under way: what an autoscaler reads as load. */
  PREDICTIONS_IN_FLIGHT(
      "predictions_in_flight",
      Type.GAUGE,
      "Number of predictions that have started and not ended",
      List.of()),

  /** The quantiles of latency over a sliding window; only when asked for. */
  PREDICTION_LATENCY_QUANTILE(
      "prediction_latency_quantile_ms",
      Type.GAUGE,
      "Quantiles of the prediction latency over a sliding window in milliseconds",
      List.of(LabelName.QUANTILE)),

  /** The longest latency over a sliding window; only when asked for. */
  PREDICTION_LATENCY_MAX(
      "prediction_latency_max_ms",
      Type.GAUGE,
      "Maximum of the prediction latency over a sliding window in milliseconds",
      List.of()),

  /** The self-metric of the limit on models. */
  PREDICTION_MODELS_FOLDED(
      "prediction_models_folded_total",
      Type.COUNTER,
      "Total number of requests for a recorder that were folded into model=\"other\"",
      List.of());

  /** The type of a family, as Prometheus names it. */
  public enum Type {
    /** A value that only grows. */
    COUNTER,
    /** A value that goes up and down. */
    GAUGE,
    /** A distribution over buckets. */
    HISTOGRAM
  }

  private static final String TOTAL_SUFFIX = "_total";

  private final String metricName;
  private final Type type;
  private final String help;

  @SuppressWarnings("ImmutableEnumChecker") // made by List.of
  private final List<String> labelNames;

  MetricFamily(String metricName, Type type, String help, List<String> labelNames) {
    this.metricName = metricName;
    this.type = type;
    this.help = help;
    this.labelNames = labelNames;
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
   * @return the name, for a counter without {@code _total}
   */
  public String registryName() {
    return metricName.endsWith(TOTAL_SUFFIX)
        ? metricName.substring(0, metricName.length() - TOTAL_SUFFIX.length())
        : metricName;
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
