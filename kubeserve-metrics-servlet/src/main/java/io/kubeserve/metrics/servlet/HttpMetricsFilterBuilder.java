package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.http.HttpMetrics;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of an {@link HttpMetricsFilter}. Every method checks what it is given at once.
 * For one thread.
 *
 * @since 0.1.0
 */
public final class HttpMetricsFilterBuilder {
  final HttpMetrics metrics;
  @Nullable HandlerResolver resolver;
  String handlerAttribute = HttpMetricsFilter.HANDLER_ATTRIBUTE;
  PathPatterns excluded = PathPatterns.NONE;
  boolean countBytes;

  HttpMetricsFilterBuilder(HttpMetrics metrics) {
    this.metrics = Objects.requireNonNull(metrics, "metrics");
  }

  /**
   * Sets how route templates are found, for a router that leaves them elsewhere than in {@link
   * HttpMetricsFilter#HANDLER_ATTRIBUTE}.
   *
   * @param resolver what finds them
   * @return this
   */
  public HttpMetricsFilterBuilder handlerResolver(HandlerResolver resolver) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    return this;
  }

  /**
   * Sets the request attribute that a router leaves the route template in; by default {@link
   * HttpMetricsFilter#HANDLER_ATTRIBUTE}.
   *
   * @param name its name, such as Spring MVC's {@code
   *     org.springframework.web.servlet.HandlerMapping.bestMatchingPattern}
   * @return this
   * @throws IllegalArgumentException if it is blank
   */
  public HttpMetricsFilterBuilder handlerAttribute(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException(
          "The handlerAttribute must not be blank: name the request attribute that has the route template, or leave the option out.");
    }
    this.handlerAttribute = name;
    return this;
  }

  /**
   * Sets the paths that are not recorded; by default none, as on the Python side.
   *
   * @param patterns paths within the context, such as {@code /metrics}, or prefixes that end in
   *     {@code /*}, such as {@code /actuator/*}
   * @return this
   * @throws IllegalArgumentException if one is neither
   */
  public HttpMetricsFilterBuilder excludedPaths(String... patterns) {
    this.excluded = new PathPatterns(List.of(patterns));
    return this;
  }

  /**
   * Sets whether the bytes of bodies are counted as the application reads and writes them, instead
   * of going by the headers {@code Content-Length}: streams have a size then. It wraps request and
   * response, also for {@code startAsync()} without arguments. A body that the application does not
   * read itself, such as that of a form, has the size of its header.
   *
   * @param enabled by default they are not counted
   * @return this
   */
  public HttpMetricsFilterBuilder countBytes(boolean enabled) {
    this.countBytes = enabled;
    return this;
  }

  RequestRecorder recorder(String contextPath) {
    return new RequestRecorder(
        metrics,
        new HandlerNames(resolver, handlerAttribute, contextPath),
        countBytes ? new CountedSizes() : new DeclaredSizes());
  }

  /**
   * Builds the filter.
   *
   * @return a filter that is to be registered for {@code /*}
   */
  public HttpMetricsFilter build() {
    return new HttpMetricsFilter(this);
  }
}
