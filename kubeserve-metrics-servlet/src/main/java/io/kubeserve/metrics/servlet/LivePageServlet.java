package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.live.Answer;
import io.kubeserve.metrics.live.LivePage;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;

/**
 * Serves a {@link LivePage}, from {@code kubeserve-metrics-live}.
 *
 * {@snippet file="io/kubeserve/metrics/servlet/SnippetsTest.java" region="live"}
 *
 * <p>Map it to {@code /live/*}, with asynchronous support. Whoever reaches the path reads it,
 * unless the builder is given a token. The page takes samples from {@link #init} to {@link
 * #destroy}. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class LivePageServlet extends HttpServlet {
  private static final long serialVersionUID = 1;

  private final transient LivePage page;
  private final transient ReadAccess access;

  /**
   * Makes a servlet that everybody may read.
   *
   * @param page what it serves
   */
  public LivePageServlet(LivePage page) {
    this(builder(page));
  }

  LivePageServlet(LivePageServletBuilder builder) {
    this.page = builder.page;
    this.access = ReadAccess.forBrowsers(builder.token);
  }

  /**
   * Starts the configuration.
   *
   * @param page what the servlet serves
   * @return a builder in which everything has its default
   */
  public static LivePageServletBuilder builder(LivePage page) {
    return new LivePageServletBuilder(Objects.requireNonNull(page, "page"));
  }

  /** Begins to take samples. */
  @Override
  public void init() {
    page.start();
  }

  /** Takes no more samples. */
  @Override
  public void destroy() {
    page.close();
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    if (access.isGranted(request, response)) {
      Answer answer =
          page.answer(
              request.getServletPath(), request.getPathInfo(), request.getParameter("after"));
      AnswerSending.send(answer, request, response);
    }
  }
}
