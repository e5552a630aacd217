package io.kubeserve.grafana;

/** Expressions that both dashboards have, over a selector of series. */
final class Promql {
  static final String CONTAINER = "container!=\"\", container!=\"POD\"";

  private Promql() {}

  /** Predictions or requests per second. */
  static String rate(String by, String counter, String selector) {
    return "sum %s(rate(%s{%s}[$__rate_interval]))".formatted(by(by), counter, selector);
  }

  /** Failed predictions per second: 0 where a server shows no error series yet. */
  static String errors(String by, String selector) {
    return rate(by, "predictions_total", selector + ", status!=\"success\"")
        + " or 0 * "
        + rate(by, "predictions_total", selector);
  }

  /** The share of predictions that fail. */
  static String errorRatio(String selector) {
    return "(%s or vector(0)) / (%s > 0)"
        .formatted(
            rate("", "predictions_total", selector + ", status!=\"success\""),
            rate("", "predictions_total", selector));
  }

  static String average(String histogram, String selector) {
    return averageBy("", histogram, selector);
  }

  /** The average of each value of a label. */
  static String averageBy(String label, String histogram, String selector) {
    return rate(label, histogram + "_sum", selector)
        + " / ("
        + rate(label, histogram + "_count", selector)
        + " > 0)";
  }

  static String quantileBy(String label, double quantile, String histogram, String selector) {
    return "histogram_quantile(%s, %s) and on (%s) (%s > 0)"
        .formatted(
            quantile,
            rate(label + ", le", histogram + "_bucket", selector),
            label,
            rate(label, histogram + "_count", selector));
  }

  /** The guard stands outside: a filter inside would move the base of the interpolation. */
  static String quantile(double quantile, String histogram, String selector) {
    return "histogram_quantile(%s, %s) and on () (%s > 0)"
        .formatted(
            quantile,
            rate("le", histogram + "_bucket", selector),
            rate("", histogram + "_count", selector));
  }

  /** The share of predictions beyond the top bucket, where quantiles read too low. */
  static String beyondBuckets(String selector) {
    return "1 - %s / (%s > 0)"
        .formatted(
            rate("", "prediction_latency_ms_bucket", selector + ", le=~\"5000(\\\\.0)?\""),
            rate("", "prediction_latency_ms_count", selector));
  }

  /** What is left of a budget over its window: 1 is all of it, below 0 the objective is missed. */
  static String budgetRemaining(String kind, String selector) {
    return """
        1 - deployment:predictions_%1$s:ratio_rate_window{%2$s}
        / on (cluster, namespace, deployment) deployment:predictions_%1$s:budget{%2$s}"""
        .formatted(kind, selector);
  }

  /** How many times faster than allowed a budget is used up. */
  static String burnRate(String kind, String window, String selector) {
    return """
        deployment:predictions_%1$s:ratio_rate%2$s{%3$s}
        / on (cluster, namespace, deployment) deployment:predictions_%1$s:budget{%3$s}"""
        .formatted(kind, window, selector);
  }

  private static String by(String labels) {
    return labels.isEmpty() ? "" : "by (" + labels + ") ";
  }
}
