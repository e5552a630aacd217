package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionMetrics;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The summary of every model as JSON, for programs that are no Prometheus.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="summary"}
 *
 * <p>It answers {@code GET} and {@code HEAD} with what {@link PredictionMetrics#summary()} returns
 * at that moment: one object, the depth of the queues and an array of models in it; times are in
 * milliseconds. What is not known is {@code null}: the name of a model that nobody named, its
 * readiness if nobody told of its load, the quantiles of no latencies. It consumes nothing: any
 * number of programs may ask. One summary is made at a time, and shared by those who asked
 * meanwhile; if more than {@value SharedDocument#MAX_WAITING} wait for it, one more is answered
 * 503. Safe for use by many threads.
 */
public final class SummaryServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient SharedDocument summary;
  private final transient ReadAccess access;

  /**
   * Makes a servlet that everybody may read.
   *
   * @param metrics what it shows
   */
  public SummaryServlet(PredictionMetrics metrics) {
    this(builder(metrics));
  }

  SummaryServlet(SummaryServletBuilder builder) {
    PredictionMetrics metrics = builder.metrics;
    this.summary = new SharedDocument(() -> SummaryDocument.of(metrics.summary()));
    this.access = new ReadAccess(builder.token);
  }

  /**
   * Starts the configuration.
   *
   * @param metrics what the servlet shows
   * @return a builder in which everything has its default
   */
  public static SummaryServletBuilder builder(PredictionMetrics metrics) {
    return new SummaryServletBuilder(metrics);
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (!access.isGranted(request, response)) {
      return;
    }
    byte[] document = summary.get();
    if (document == null) {
      response.setHeader("Retry-After", "1");
      ReadAccess.refuse(
          response,
          HttpServletResponse.SC_SERVICE_UNAVAILABLE,
          "There are too many questions for the summary.");
      return;
    }
    response.setContentType("application/json");
    response.setContentLength(document.length);
    if (request.getMethod().equals("GET")) {
      response.getOutputStream().write(document);
    }
  }
}
