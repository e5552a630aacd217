package io.kubeserve.metrics.servlet;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The scrape endpoint of a registry: client_java's exposition, made safe to leave open.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="jetty"}
 *
 * <p>It answers {@code GET} and {@code HEAD} in the text format 0.0.4, as OpenMetrics or as
 * protobuf, as the header {@code Accept} asks for, with gzip where {@code Accept-Encoding} allows
 * it, and only the families that query parameters {@code name[]} name, if any. A collector that
 * throws is left out, counted by {@code metrics_collectors_failed_total} and logged once; the rest
 * is served.
 *
 * <p>A few scrapes are made at once; one more is answered 503 with {@code Retry-After}. Where the
 * servlet was registered with asynchronous support, a slow reader holds no thread, loses its
 * connection after 10 seconds, and all of them together hold no more than 64 MiB of memory.
 * Without, a slow reader counts as a scrape.
 *
 * <p>In a {@code web.xml} the servlet needs no code: it shows {@link
 * PrometheusRegistry#defaultRegistry} and takes the init parameters {@code maxConcurrentScrapes},
 * {@code bearerTokenFile} and {@code bearerTokenVariable}. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class MetricsServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private transient @Nullable ScrapeEndpoint endpoint;

  /** Makes the servlet of a {@code web.xml}; the container configures it by {@link #init}. */
  public MetricsServlet() {}

  /**
   * Makes a servlet in which everything has its default.
   *
   * @param registry what it shows
   */
  public MetricsServlet(PrometheusRegistry registry) {
    this(builder().registry(registry));
  }

  MetricsServlet(MetricsServletBuilder builder) {
    this.endpoint = new ScrapeEndpoint(builder);
  }

  /**
   * Starts the configuration.
   *
   * @return a builder in which everything has its default
   */
  public static MetricsServletBuilder builder() {
    return new MetricsServletBuilder();
  }

  /**
   * Makes ready for scrapes.
   *
   * @throws ServletException if an init parameter is wrong
   */
  @Override
  public void init() throws ServletException {
    if (endpoint == null) {
      MetricsServletBuilder builder = builder();
      InitParameters parameters = InitParameters.of(getServletConfig());
      parameters.number("maxConcurrentScrapes", builder::maxConcurrentScrapes);
      parameters.text("bearerTokenFile", file -> builder.bearerTokenFile(Path.of(file)));
      parameters.text("bearerTokenVariable", builder::bearerTokenVariable);
      parameters.refuseOthers();
      endpoint = new ScrapeEndpoint(builder);
    }
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Objects.requireNonNull(endpoint, "init() was not called").answer(request, response);
  }
}
