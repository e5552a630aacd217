package io.kubeserve.metrics.http;

import io.kubeserve.metrics.Ticker;
import io.kubeserve.metrics.http.internal.HandlerName;
import io.kubeserve.metrics.http.internal.HttpMethod;
import io.kubeserve.metrics.internal.ModuleVersion;
import io.kubeserve.metrics.internal.Registration;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP metrics of one registry: how many requests were answered, how long that took and how
 * large they were, by route.
 *
 * <p>Names, labels, HELP texts and bounds are those of prometheus-fastapi-instrumentator 8.0.2. A
 * request is written once; every family is made of that when a scrape comes, so they always agree.
 *
 * <p>Build it once at start-up and give it to an {@code HttpMetricsFilter}; a server without
 * servlets calls {@link #start} and {@link #finish} itself. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class HttpMetrics {
  private final PrometheusRegistry registry;
  private final AtomicBoolean registered = new AtomicBoolean(true);
  private final Ticker ticker;
  private final Handlers handlers;
  private final @Nullable LongAdder started;
  private final HttpCollector collector;

  HttpMetrics(HttpMetricsBuilder builder) {
    ModuleVersion.requireThatOfCore(HttpMetrics.class, "kubeserve-metrics-servlet");
    this.registry = builder.registry;
    this.ticker = builder.ticker;
    this.handlers = new Handlers(builder.maxHandlers, builder.statuses);
    this.started = builder.inProgress ? new LongAdder() : null;
    this.collector = new HttpCollector(handlers, started);
    Registration.register(registry, collector, HttpCollector.FAMILIES, HttpMetrics.class);
  }

  /**
   * Starts the configuration.
   *
   * @return a builder in which everything has its default
   */
  public static HttpMetricsBuilder builder() {
    return new HttpMetricsBuilder();
  }

  /**
   * Tells that a request has come; {@link #finish} must follow, on any thread. Never throws.
   *
   * @return the time, for {@link #finish}
   */
  public long start() {
    if (started != null) {
      started.increment();
    }
    return ticker.nanos();
  }

  /**
   * Counts a request that was answered. Never throws.
   *
   * @param startNanos what {@link #start} returned
   * @param method the request's method; one that is not standard counts as {@code _OTHER}
   * @param handler the route template, never the path; {@code null} or blank counts as {@value
   *     HandlerName#NONE}
   * @param status the response's HTTP status
   * @param requestBytes the size of the request's body; less than 0 counts as 0
   * @param responseBytes the size of the response's body; less than 0 counts as 0
   */
  public void finish(
      long startNanos,
      @Nullable String method,
      @Nullable String handler,
      int status,
      long requestBytes,
      long responseBytes) {
    handlers
        .get(handler)
        .method(HttpMethod.of(method))
        .cells(status)
        .record(ticker.nanos() - startNanos, requestBytes, responseBytes);
  }

  /**
   * Counts the requests that were answered since the start, all routes and methods together.
   *
   * @return for each value of the label {@code status} that there was, how many; a new map
   */
  public SortedMap<String, Long> requestsByStatus() {
    SortedMap<String, Long> requests = new TreeMap<>();
    handlers.forEach(
        handler ->
            handler.forEach(
                method ->
                    method.forEach(
                        (reading, labels) ->
                            requests.merge(
                                Objects.requireNonNull(labels.get(LabelName.STATUS)),
                                reading.count(),
                                Long::sum))));
    return requests;
  }

  /**
   * Removes every series from the registry; what is recorded afterwards is recorded in vain. For a
   * registry that outlives its server, as of an application that is deployed anew.
   */
  public void unregister() {
    // Once: another one's names may be there meanwhile.
    if (registered.getAndSet(false)) {
      registry.unregister(collector);
    }
  }
}
