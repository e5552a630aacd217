package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the filter allocates for a request of a real container, beside what the container does for
 * the filter's questions: measured within a servlet, on its own request and response.
 */
class AllocationTest {
  private static final int WARM_UP = 200_000;
  private static final int MEASURED = 100_000;

  private final HttpMetrics metrics =
      HttpMetrics.builder().registry(new PrometheusRegistry()).build();

  /**
   * On Jetty nothing: it shows the length that a response was given. On this Tomcat the response
   * that remembers it, 32 bytes.
   */
  @ParameterizedTest
  @CsvSource({"JETTY, '', 0", "JETTY, /models, 0", "TOMCAT, '', 32", "TOMCAT, /models, 32"})
  void filter_allocatesNothingOfItsOwn(Container container, String contextPath, long bytes)
      throws Exception {
    AtomicLong withFilter = new AtomicLong();
    AtomicLong questionsAlone = new AtomicLong();
    HttpMetricsFilter filter = new HttpMetricsFilter(metrics);
    try (RunningServer server =
        container.start(
            contextPath,
            context -> {
              ContractApp.addFilter(context, filter);
              ContractApp.addServlet(
                  context,
                  new Route(
                      (request, response) -> {
                        response.setContentLength(0);
                        FilterChain chain = (req, res) -> {};
                        questionsAlone.set(allocated(() -> askTheContainer(request, response)));
                        withFilter.set(allocated(() -> filter.doFilter(request, response, chain)));
                      }),
                  "/predict");
            })) {
      // Once before, so that the filter knows the container.
      server.get("/predict");
      assertThat(server.get("/predict").statusCode()).isEqualTo(200);
    }
    assertThat(withFilter.get() - questionsAlone.get()).isLessThanOrEqualTo(bytes);
  }

  /** A step that is measured. */
  private interface Step {
    void run() throws IOException, ServletException;
  }

  private static void askTheContainer(HttpServletRequest request, HttpServletResponse response) {
    if (request.getHttpServletMapping().getPattern().isEmpty()
        || request.getAttribute(HttpMetricsFilter.HANDLER_ATTRIBUTE) != null
        || request.getContentLengthLong() > 0
        || "1".equals(response.getHeader("Content-Length"))) {
      throw new AssertionError();
    }
  }

  private static long allocated(Step step) throws IOException, ServletException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < WARM_UP; i++) {
      step.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MEASURED; i++) {
      step.run();
    }
    return (threads.getCurrentThreadAllocatedBytes() - before) / MEASURED;
  }
}
