package io.kubeserve.metrics.http;

import io.kubeserve.metrics.Ticker;
import io.kubeserve.metrics.internal.GuardedClock;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Objects;

/**
 * The configuration of {@link HttpMetrics}. Every method checks what it is given at once. For one
 * thread.
 *
 * @since 0.1.0
 */
public final class HttpMetricsBuilder {
  /** The number of handlers with series of their own, unless told otherwise: {@value}. */
  public static final int DEFAULT_MAX_HANDLERS = 200;

  PrometheusRegistry registry = PrometheusRegistry.defaultRegistry;
  Ticker ticker = Ticker.system();
  StatusLabels statuses = StatusLabels.GROUPED;
  boolean inProgress;
  int maxHandlers = DEFAULT_MAX_HANDLERS;

  HttpMetricsBuilder() {}

  /**
   * Sets the registry that shows the metrics; by default {@link
   * PrometheusRegistry#defaultRegistry}.
   *
   * @param registry client_java's registry
   * @return this
   */
  public HttpMetricsBuilder registry(PrometheusRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /**
   * Sets whether HTTP statuses are exposed as {@code 204} instead of {@code 2xx}. Each one is a
   * series of every route, and the platform's dashboards expect groups.
   *
   * @param enabled by default they are not
   * @return this
   */
  public HttpMetricsBuilder exactStatus(boolean enabled) {
    this.statuses = enabled ? StatusLabels.EXACT : StatusLabels.GROUPED;
    return this;
  }

  /**
   * Sets whether {@code http_requests_inprogress} is exposed, the number of requests that have come
   * and were not answered.
   *
   * @param enabled by default it is not
   * @return this
   */
  public HttpMetricsBuilder inProgress(boolean enabled) {
    this.inProgress = enabled;
    return this;
  }

  /**
   * Sets how many handlers get series of their own; by default {@value #DEFAULT_MAX_HANDLERS}.
   * Further ones share those of {@code other}, and {@code http_handlers_folded_total} counts their
   * requests.
   *
   * @param maxHandlers at least 1
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public HttpMetricsBuilder maxHandlers(int maxHandlers) {
    if (maxHandlers < 1) {
      throw new IllegalArgumentException(
          "maxHandlers must be at least 1, not %d: it is the number of routes with series of their own."
              .formatted(maxHandlers));
    }
    this.maxHandlers = maxHandlers;
    return this;
  }

  /**
   * Sets the clock; by default {@link Ticker#system()}. For tests.
   *
   * @param ticker where nanoseconds come from
   * @return this
   */
  public HttpMetricsBuilder ticker(Ticker ticker) {
    Objects.requireNonNull(ticker, "ticker");
    this.ticker = ticker == Ticker.system() ? ticker : new GuardedClock(ticker::nanos)::getAsLong;
    return this;
  }

  /**
   * Builds the metrics and registers them.
   *
   * @return the metrics of the registry
   * @throws IllegalStateException if the registry has metrics of these names already
   */
  public HttpMetrics build() {
    return new HttpMetrics(this);
  }
}
