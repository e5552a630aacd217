package io.kubeserve.metrics.http.internal;

import java.util.List;

/** The bucket bounds of the durations of requests, those of prometheus-fastapi-instrumentator. */
public final class DurationBounds {
  /**
   * The upper bounds of {@code http_request_duration_highr_seconds}, in seconds; {@code +Inf} is
   * implied.
   */
  public static final List<Double> HIGHR_SECONDS =
      List.of(
          0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5,
          5.0, 7.5, 10.0, 30.0, 60.0);

  /**
   * The upper bounds of {@code http_request_duration_seconds}, in seconds: some of {@link
   * #HIGHR_SECONDS}; {@code +Inf} is implied.
   */
  public static final List<Double> BY_HANDLER_SECONDS = List.of(0.1, 0.5, 1.0);

  private DurationBounds() {}
}
