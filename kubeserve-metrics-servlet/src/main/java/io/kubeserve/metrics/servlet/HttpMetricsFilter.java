package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.http.internal.HandlerName;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Records every request of a servlet container into {@link HttpMetrics}, once, whatever happens.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="programmatic"}
 *
 * <p>Register it first of all filters, for {@code /*}, with asynchronous support. It measures from
 * its own start to the end of the response: for an asynchronous request that is when the container
 * has completed it. Forwards, includes and error pages belong to the request that they are part of.
 *
 * <p>The handler is, in this order, what a {@link HandlerResolver} says, the request attribute
 * {@link #HANDLER_ATTRIBUTE}, or the mapping of the servlet with the path of its context in front;
 * {@code none} for what only the default servlet answers, and for the 404 and 405 of a servlet of
 * every path. A forward, an include or an error page does not change it. The status is the
 * response's; an exception that leaves the chain before the response was committed counts as 500, a
 * body that cannot be read, since its client broke off, as 400. Sizes are those of the headers
 * {@code Content-Length}, 0 where there is none.
 *
 * <p>In a {@code web.xml} the filter needs no code: it records into {@link
 * io.prometheus.metrics.model.registry.PrometheusRegistry#defaultRegistry} and takes the init
 * parameters {@code excludedPaths}, {@code exactStatus}, {@code inProgress}, {@code countBytes},
 * {@code maxHandlers} and {@code handlerAttribute}. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class HttpMetricsFilter implements Filter {
  /** The request attribute that a router leaves the route template in: {@value}. */
  public static final String HANDLER_ATTRIBUTE = "io.kubeserve.metrics.handler";

  /** The handler of a request that no route matched: {@value}. */
  public static final String NO_HANDLER = HandlerName.NONE;

  /** What a context remembers of a filter, and a request that may come to it twice, begins so. */
  private static final String SEEN_ATTRIBUTE = HttpMetricsFilter.class.getName();

  private String seenAttribute = SEEN_ATTRIBUTE;
  private @Nullable HttpMetricsFilterBuilder configuration;
  private @Nullable HttpMetrics owned;
  private volatile @Nullable RequestRecorder recorder;
  private PathPatterns excluded = PathPatterns.NONE;

  /** Whether a request may match two mappings: Jetty calls the filter for each of them then. */
  private boolean mayBeCalledTwice = true;

  private @Nullable ServletContext context;

  /** Makes the filter of a {@code web.xml}; the container configures it by {@link #init}. */
  public HttpMetricsFilter() {}

  /**
   * Makes a filter in which everything has its default.
   *
   * @param metrics where requests are recorded; the filter does not unregister it
   */
  public HttpMetricsFilter(HttpMetrics metrics) {
    this(builder(metrics));
  }

  HttpMetricsFilter(HttpMetricsFilterBuilder configuration) {
    this.configuration = configuration;
  }

  /**
   * Starts the configuration.
   *
   * @param metrics where requests are recorded; the filter does not unregister it
   * @return a builder in which everything has its default
   */
  public static HttpMetricsFilterBuilder builder(HttpMetrics metrics) {
    return new HttpMetricsFilterBuilder(metrics);
  }

  /**
   * Makes ready for the requests of a context.
   *
   * @throws ServletException if an init parameter is wrong, or the context has such a filter
   *     already
   */
  @Override
  public void init(FilterConfig config) throws ServletException {
    ServletContext newContext = config.getServletContext();
    if (recorder != null) {
      throw new ServletException(
          "This HttpMetricsFilter belongs to another context: make one for each, with the same HttpMetrics.");
    }
    if (configuration == null) {
      configuration = FilterParameters.read(config);
      owned = configuration.metrics;
    }
    // Of its own, since a context and a request may have filters with other metrics.
    seenAttribute =
        SEEN_ATTRIBUTE + '.' + Integer.toHexString(System.identityHashCode(configuration.metrics));
    if (configuration.metrics.equals(newContext.getAttribute(seenAttribute))) {
      throw new ServletException(
          "The context has an HttpMetricsFilter with the same HttpMetrics already, every request would count twice: register one filter.");
    }
    newContext.setAttribute(seenAttribute, configuration.metrics);
    mayBeCalledTwice = mappings(newContext, config.getFilterName()) != 1;
    context = newContext;
    excluded = configuration.excluded;
    recorder = configuration.recorder(newContext.getContextPath());
  }

  private static int mappings(ServletContext context, String filterName) {
    FilterRegistration registration = context.getFilterRegistration(filterName);
    return registration == null
        ? 0
        : registration.getUrlPatternMappings().size()
            + registration.getServletNameMappings().size();
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    // Once, since a container may destroy the filter while the last requests come.
    RequestRecorder now = recorder;
    if (now != null
        && request.getDispatcherType() == DispatcherType.REQUEST
        && request instanceof HttpServletRequest httpRequest
        && response instanceof HttpServletResponse httpResponse
        && !excluded.match(httpRequest)
        && !(mayBeCalledTwice && isCalledAgain(httpRequest))) {
      now.pass(httpRequest, httpResponse, chain);
    } else {
      chain.doFilter(request, response);
    }
  }

  private boolean isCalledAgain(HttpServletRequest request) {
    if (request.getAttribute(seenAttribute) != null) {
      return true;
    }
    request.setAttribute(seenAttribute, true);
    return false;
  }

  /**
   * Lets requests pass from now on. Unregisters the metrics of a {@code web.xml}, so that the next
   * deployment finds their names free; those that were given to the filter stay, for who reads
   * last.
   */
  @Override
  public void destroy() {
    recorder = null;
    if (context != null) {
      context.removeAttribute(seenAttribute);
      context = null;
    }
    if (owned != null) {
      owned.unregister();
      owned = null;
      configuration = null;
    }
  }
}
