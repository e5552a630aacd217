package io.kubeserve.grafana;

/**
 * A query of a panel.
 *
 * @param legend the legend, with Grafana's templates
 * @param expression PromQL with Grafana's variables
 * @param kind how it is asked
 * @param idle what it returns while there is no traffic
 */
record Query(String legend, String expression, Kind kind, Idle idle) {

  /** How a query is asked. */
  enum Kind {
    RANGE,
    RANGE_WITH_EXEMPLARS,
    INSTANT,
    /** One value of each column, for a table. */
    TABLE,
    /** Buckets, for a heatmap. */
    BUCKETS
  }

  /** What a query returns while there is no traffic; never NaN. */
  enum Idle {
    /** A value: a count, a size, a zero. */
    VALUE,
    /** Nothing, which the panel shows in words: there is no ratio and no quantile of nothing. */
    NOTHING,
    /** One or the other: whether scrapes and probes are requests too is the server's to say. */
    EITHER,
    /** Nothing, in traffic too, where a server does not tell of the inside of its predictions. */
    WHERE_TOLD,
    /** Nothing, in traffic too, until the first error. */
    NO_ERRORS
  }
}
