package io.kubeserve.metrics.http.internal;

import io.kubeserve.metrics.internal.contract.MetricFamily;
import java.util.List;

/** The metric families about the scrape itself. */
public final class ScrapeFamilies {
  /** The self-metric of the scrape endpoint. */
  public static final MetricFamily COLLECTORS_FAILED =
      new MetricFamily(
          "metrics_collectors_failed_total",
          MetricFamily.Type.COUNTER,
          "Total number of times that a collector threw and was left out of a scrape",
          List.of());

  /** Every family, in the order in which they are shown. */
  public static final List<MetricFamily> ALL = List.of(COLLECTORS_FAILED);

  private ScrapeFamilies() {}
}
