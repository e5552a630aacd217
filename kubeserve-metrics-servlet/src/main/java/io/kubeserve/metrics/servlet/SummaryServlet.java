package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.live.SummaryJson;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Serves a {@link SummaryJson}, from {@code kubeserve-metrics-live}, by {@code GET} and {@code
 * HEAD}.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="summary"}
 *
 * <p>Whoever reaches the path reads it, unless the builder is given a token. Safe for use by many
 * threads.
 *
 * @since 0.1.0
 */
public final class SummaryServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient SummaryJson summary;
  private final transient ReadAccess access;

  /**
   * Makes a servlet that everybody may read.
   *
   * @param summary what it serves
   */
  public SummaryServlet(SummaryJson summary) {
    this(builder(summary));
  }

  SummaryServlet(SummaryServletBuilder builder) {
    this.summary = builder.summary;
    this.access = new ReadAccess(builder.token);
  }

  /**
   * Starts the configuration.
   *
   * @param summary what the servlet serves
   * @return a builder in which everything has its default
   */
  public static SummaryServletBuilder builder(SummaryJson summary) {
    return new SummaryServletBuilder(Objects.requireNonNull(summary, "summary"));
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (access.isGranted(request, response)) {
      AnswerSending.send(summary.answer(), request, response);
    }
  }
}
