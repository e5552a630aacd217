package io.kubeserve.metrics.http.internal;

import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import java.util.List;

/**
 * The metric families about the requests to an HTTP server: those of
 * prometheus-fastapi-instrumentator.
 */
public final class HttpFamilies {
  /** The requests that have been answered. */
  public static final MetricFamily HTTP_REQUESTS =
      new MetricFamily(
          "http_requests_total",
          MetricFamily.Type.COUNTER,
          "Total number of requests by method, status and handler.",
          List.of(LabelName.METHOD, LabelName.STATUS, LabelName.HANDLER));

  /** The sizes of requests; the space at the end of the HELP text is the Python side's. */
  public static final MetricFamily HTTP_REQUEST_SIZE =
      new MetricFamily(
          "http_request_size_bytes",
          MetricFamily.Type.SUMMARY,
          "Content length of incoming requests by handler. Only value of header is respected."
              + " Otherwise ignored. No percentile calculated. ",
          List.of(LabelName.HANDLER));

  /** The sizes of responses; the space at the end of the HELP text is the Python side's. */
  public static final MetricFamily HTTP_RESPONSE_SIZE =
      new MetricFamily(
          "http_response_size_bytes",
          MetricFamily.Type.SUMMARY,
          "Content length of outgoing responses by handler. Only value of header is respected."
              + " Otherwise ignored. No percentile calculated. ",
          List.of(LabelName.HANDLER));

  /** The durations of all requests, fine; the space at the end of the HELP text as above. */
  public static final MetricFamily HTTP_REQUEST_DURATION_HIGHR =
      new MetricFamily(
          "http_request_duration_highr_seconds",
          MetricFamily.Type.HISTOGRAM,
          "Latency with many buckets but no API specific labels. Made for more accurate percentile"
              + " calculations. ",
          List.of());

  /** The durations by handler, coarse; the space at the end of the HELP text as above. */
  public static final MetricFamily HTTP_REQUEST_DURATION =
      new MetricFamily(
          "http_request_duration_seconds",
          MetricFamily.Type.HISTOGRAM,
          "Latency with only few buckets by handler. Made to be only used if aggregation by handler"
              + " is important. ",
          List.of(LabelName.METHOD, LabelName.HANDLER));

  /** The requests under way; only when asked for. */
  public static final MetricFamily HTTP_REQUESTS_IN_PROGRESS =
      new MetricFamily(
          "http_requests_inprogress",
          MetricFamily.Type.GAUGE,
          "Number of HTTP requests in progress.",
          List.of());

  /** The self-metric of the limit on handlers; only once there was one too many. */
  public static final MetricFamily HTTP_HANDLERS_FOLDED =
      new MetricFamily(
          "http_handlers_folded_total",
          MetricFamily.Type.COUNTER,
          "Total number of requests whose handler was folded into handler=\"other\"",
          List.of());

  /** Every family, in the order in which they are shown. */
  public static final List<MetricFamily> ALL =
      List.of(
          HTTP_REQUESTS,
          HTTP_REQUEST_SIZE,
          HTTP_RESPONSE_SIZE,
          HTTP_REQUEST_DURATION_HIGHR,
          HTTP_REQUEST_DURATION,
          HTTP_REQUESTS_IN_PROGRESS,
          HTTP_HANDLERS_FOLDED);

  private HttpFamilies() {}
}
