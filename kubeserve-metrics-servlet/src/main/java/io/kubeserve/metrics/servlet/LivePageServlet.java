package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionMetrics;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * A page that shows how the models of this server are doing, without a Prometheus: predictions,
 * latency, stages, HTTP requests and memory of the last five minutes, a point a second.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="live"}
 *
 * <p>Map it to {@code /live/*}. It is for people: programs are better served by {@link
 * SummaryServlet}. Whoever reaches the path reads it, unless the builder is given a token. The page
 * loads nothing from elsewhere, and its charts are uPlot's.
 *
 * <p>From {@link #init} to {@link #destroy} one thread takes a sample each second, of the first 32
 * models. What that holds stays below 4 MiB, whoever looks; more than {@value LivePage#MAX_VIEWERS}
 * answers under way at once are answered 503. Recording predictions costs what it does without.
 * Safe for use by many threads.
 */
public final class LivePageServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient LivePage page;

  /**
   * Makes a servlet in which everything has its default.
   *
   * @param metrics what it shows
   */
  public LivePageServlet(PredictionMetrics metrics) {
    this(builder(metrics));
  }

  LivePageServlet(LivePageServletBuilder builder) {
    this.page = new LivePage(builder);
  }

  /**
   * Starts the configuration.
   *
   * @param metrics what the page shows
   * @return a builder in which everything has its default
   */
  public static LivePageServletBuilder builder(PredictionMetrics metrics) {
    return new LivePageServletBuilder(metrics);
  }

  /** Begins to take samples. */
  @Override
  public void init() {
    page.start();
  }

  /** Takes no more samples. */
  @Override
  public void destroy() {
    page.stop();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    page.answer(request, response);
  }
}
