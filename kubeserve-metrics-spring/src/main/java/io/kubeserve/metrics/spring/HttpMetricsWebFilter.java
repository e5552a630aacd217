package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.contract.HandlerName;
import io.kubeserve.metrics.http.HttpMetrics;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
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
  private static final int INTERNAL_SERVER_ERROR = 500;

  private final HttpMetrics metrics;
  private final List<PathPattern> excluded;

  HttpMetricsWebFilter(HttpMetrics metrics, List<String> excludedPaths) {
    this.metrics = metrics;
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
    if (excluded.stream().anyMatch(pattern -> pattern.matches(path))) {
      return chain.filter(exchange);
    }
    return Mono.defer(() -> measured(exchange, chain));
  }

  private Mono<Void> measured(ServerWebExchange exchange, WebFilterChain chain) {
    long start = metrics.start();
    AtomicBoolean recorded = new AtomicBoolean();
    Runnable end = () -> record(exchange, start, statusOf(exchange), recorded);
    Runnable gone = () -> record(exchange, start, statusOfCancelled(exchange), recorded);
    return chain
        .filter(exchange)
        .doOnSuccess(nothing -> end.run())
        .doOnError(thrown -> recordWhenAnswered(exchange.getResponse(), end))
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

  private static int statusOf(ServerWebExchange exchange) {
    HttpStatusCode status = exchange.getResponse().getStatusCode();
    return status == null ? OK : status.value();
  }

  /** As in Python: a client that left before the answer began has had none. */
  private static int statusOfCancelled(ServerWebExchange exchange) {
    return exchange.getResponse().isCommitted() ? statusOf(exchange) : INTERNAL_SERVER_ERROR;
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
    return Math.max(0, headers.getContentLength());
  }

  private static @Nullable String handlerOf(ServerWebExchange exchange) {
    Object route = exchange.getAttribute(ROUTE);
    if (route == null) {
      return null;
    }
    String template =
        route instanceof PathPattern pattern ? pattern.getPatternString() : route.toString();
    return template.equals(EVERY_PATH)
        ? HandlerName.NONE
        : exchange.getRequest().getPath().contextPath().value() + template;
  }
}
