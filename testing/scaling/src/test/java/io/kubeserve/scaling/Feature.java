package io.kubeserve.scaling;

/** What a server tells of its predictions beside their latency and outcome. */
enum Feature {
  ERRORS("its errors by reason, from the first error on"),
  STAGES("its stages, all four"),
  BATCHES("its batches"),
  STREAMS("its streams"),
  LOADS("its loads"),
  QUANTILE_GAUGES("`quantileGauges(0.5, 0.99)`");

  private final String title;

  Feature(String title) {
    this.title = title;
  }

  /** What the table calls it. */
  String title() {
    return title;
  }
}
