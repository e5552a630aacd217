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
  private static final int MAX_ROUNDS = 20;

  private final AtomicLong withFilter = new AtomicLong(Long.MAX_VALUE);
  private final AtomicLong questionsAlone = new AtomicLong();
  private final HttpMetrics metrics =
      HttpMetrics.builder().registry(new PrometheusRegistry()).build();

  /**
   * The request that remembers its route, 48 bytes. On this Tomcat the response that remembers its
   * length, 32 bytes, too.
   */
  @ParameterizedTest
  @CsvSource({"JETTY, '', 48", "JETTY, /models, 48", "TOMCAT, '', 80", "TOMCAT, /models, 80"})
  void filter_allocatesTheRequestThatRemembers(Container container, String contextPath, long bytes)
      throws Exception {
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
                        // The compiler takes its time: what is allocated then is what counts.
                        for (int round = 0; round < MAX_ROUNDS && !isWithin(bytes); round++) {
                          questionsAlone.set(allocated(() -> askTheContainer(request, response)));
                          withFilter.set(
                              allocated(() -> filter.doFilter(request, response, chain)));
                        }
                      }),
                  "/predict");
            })) {
      // Once before, so that the filter knows the container.
      server.get("/predict");
      assertThat(server.get("/predict").statusCode()).isEqualTo(200);
    }
    assertThat(isWithin(bytes)).as("%s less %s bytes", withFilter, questionsAlone).isTrue();
  }

  private boolean isWithin(long bytes) {
    return withFilter.get() - questionsAlone.get() <= bytes;
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
