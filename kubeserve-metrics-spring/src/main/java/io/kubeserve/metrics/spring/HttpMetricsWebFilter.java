package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.http.internal.HandlerName;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.PathContainer;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Measures every request to a WebFlux application, under the contract of {@code HttpMetricsFilter}:
 * once each, when the response was sent or the client has gone. Safe for use by many threads.
 */
final class HttpMetricsWebFilter implements WebFilter, Ordered {
  /** HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE. */
  private static final String ROUTE =
      "org.springframework.web.reactive.HandlerMapping.bestMatchingPattern";

  private static final String EVERY_PATH = "/**";
  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int INTERNAL_SERVER_ERROR = 500;

  private final HttpMetrics metrics;
  private final @Nullable ApplicationContext context;
  private final String basePath;
  private final List<PathPattern> excluded;

  /**
   * Makes the filter.
   *
   * @param context whose requests are measured; not those of a child with a port of its own, which
   *     is Actuator
   * @param basePath what the server is configured with; what a request says of its own, a proxy's
   *     headers change, and so anybody
   */
  HttpMetricsWebFilter(
      HttpMetrics metrics,
      @Nullable ApplicationContext context,
      String basePath,
      List<String> excludedPaths) {
    this.metrics = metrics;
    this.context = context;
    this.basePath = basePath;
    this.excluded =
        excludedPaths.stream()
            .map(path -> path.endsWith("/*") ? path + '*' : path)
            .map(PathPatternParser.defaultInstance::parse)
            .toList();
  }

  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE + 1;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    if (isOfAnotherContext(exchange)
        || excluded.stream().anyMatch(pattern -> pattern.matches(path))) {
      return chain.filter(exchange);
    }
    return Mono.defer(() -> measured(exchange, chain));
  }

  private boolean isOfAnotherContext(ServerWebExchange exchange) {
    ApplicationContext other = exchange.getApplicationContext();
    return context != null && other != null && other != context;
  }

  private Mono<Void> measured(ServerWebExchange asked, WebFilterChain chain) {
    long start = metrics.start();
    WatchedBody body =
        WatchedBody.isWorthIt(asked.getRequest()) ? new WatchedBody(asked.getRequest()) : null;
    ServerWebExchange exchange = body == null ? asked : body.in(asked);
    AtomicBoolean recorded = new AtomicBoolean();
    Runnable end = () -> record(exchange, start, statusOf(exchange, body), recorded);
    Runnable gone = () -> record(exchange, start, statusOfCancelled(exchange, body), recorded);
    return chain
        .filter(exchange)
        .doOnSuccess(nothing -> end.run())
        .doOnError(
            thrown -> {
              if (body != null && body.isBroken()) {
                end.run(); // there is no client left to answer
              } else {
                recordWhenAnswered(exchange.getResponse(), end);
              }
            })
        .doOnCancel(gone);
  }

  /** What makes an answer of an exception stands outside of every filter. */
  private static void recordWhenAnswered(ServerHttpResponse response, Runnable end) {
    if (response.isCommitted()) {
      end.run();
    } else {
      response.beforeCommit(() -> Mono.fromRunnable(end));
    }
  }

  /** Whatever the server makes of a body that broke off, the client broke it. */
  private static int statusOf(ServerWebExchange exchange, @Nullable WatchedBody body) {
    HttpStatusCode sent = exchange.getResponse().getStatusCode();
    int status = sent == null ? OK : sent.value();
    return body != null && body.isBroken() && !HttpStatusCode.valueOf(status).is4xxClientError()
        ? BAD_REQUEST
        : status;
  }

  /** As in Python: a client that left before the answer began has had none. */
  private static int statusOfCancelled(ServerWebExchange exchange, @Nullable WatchedBody body) {
    if (exchange.getResponse().isCommitted()) {
      return statusOf(exchange, null);
    }
    return body != null && body.isIncomplete() ? BAD_REQUEST : INTERNAL_SERVER_ERROR;
  }

  private void record(ServerWebExchange exchange, long start, int status, AtomicBoolean recorded) {
    if (recorded.compareAndSet(false, true)) {
      metrics.finish(
          start,
          exchange.getRequest().getMethod().name(),
          handlerOf(exchange),
          status,
          length(exchange.getRequest().getHeaders()),
          length(exchange.getResponse().getHeaders()));
    }
  }

  private static long length(HttpHeaders headers) {
    try {
      return Math.max(0, headers.getContentLength());
    } catch (NumberFormatException noNumber) {
      return 0;
    }
  }

  private @Nullable String handlerOf(ServerWebExchange exchange) {
    Object route = exchange.getAttribute(ROUTE);
    if (route == null) {
      return null;
    }
    String template =
        route instanceof PathPattern pattern ? pattern.getPatternString() : route.toString();
    return template.equals(EVERY_PATH) ? HandlerName.NONE : basePath + template;
  }
}
