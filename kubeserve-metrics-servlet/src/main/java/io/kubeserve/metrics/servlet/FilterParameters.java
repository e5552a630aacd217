package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.http.HttpMetricsBuilder;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletException;

/** What a {@code web.xml} says of an {@link HttpMetricsFilter}. */
final class FilterParameters {
  private FilterParameters() {}

  /**
   * Builds metrics of their own, which are the caller's to unregister, and the filter's options.
   */
  static HttpMetricsFilterBuilder read(FilterConfig config) throws ServletException {
    InitParameters parameters = InitParameters.of(config);
    HttpMetricsBuilder metrics = HttpMetrics.builder();
    parameters.flag("exactStatus", metrics::exactStatus);
    parameters.flag("inProgress", metrics::inProgress);
    parameters.number("maxHandlers", metrics::maxHandlers);
    HttpMetrics built = metrics.build();
    try {
      HttpMetricsFilterBuilder filter = new HttpMetricsFilterBuilder(built);
      parameters.text("excludedPaths", paths -> filter.excludedPaths(paths.split("[\\s,]+")));
      parameters.text("handlerAttribute", filter::handlerAttribute);
      parameters.flag("countBytes", filter::countBytes);
      parameters.refuseOthers();
      return filter;
    } catch (ServletException e) {
      built.unregister();
      throw e;
    }
  }
}
