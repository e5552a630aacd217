package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that cannot be started gives back what was taken for it, once. */
@Tag("container")
class FailingStartTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private static RunningServer start(Container container, Servlet servlet) throws Exception {
    Filter failing =
        (request, response, chain) -> {
          String fails = ((HttpServletRequest) request).getQueryString();
          chain.doFilter(
              "startAsync".equals(fails) ? new NotAsync((HttpServletRequest) request) : request,
              "write".equals(fails) ? new NotWritable((HttpServletResponse) response) : response);
        };
    return container.start(
        context -> {
          ContractApp.addFilter(context, failing);
          ContractApp.addServlet(context, servlet, "/sent/*");
        });
  }

  /** As when a filter or the container does not support what it says it does. */
  private static final class NotAsync extends HttpServletRequestWrapper {
    NotAsync(HttpServletRequest request) {
      super(request);
    }

    @Override
    public AsyncContext startAsync(ServletRequest request, ServletResponse response) {
      throw new IllegalStateException("no startAsync");
    }
  }

  private static final class NotWritable extends HttpServletResponseWrapper {
    NotWritable(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      ServletOutputStream out = super.getOutputStream();
      return new ServletOutputStream() {
        @Override
        public void write(int value) throws IOException {
          out.write(value);
        }

        @Override
        public boolean isReady() {
          return out.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
          throw new IllegalStateException("no listener");
        }
      };
    }
  }

  private static void assertServesAfterFailures(RunningServer server, String path, int failures)
      throws Exception {
    for (int i = 0; i < failures; i++) {
      assertNotServed(server, path + "?startAsync");
      assertNotServed(server, path + "?write");
    }
    await().until(() -> server.get(path).statusCode() == 200);
  }

  /** Tomcat closes the connection of a request that became asynchronous and then failed. */
  private static void assertNotServed(RunningServer server, String path) throws IOException {
    String answer =
        server.raw("GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".formatted(path));
    assertThat(answer).doesNotStartWith("HTTP/1.1 200").doesNotStartWith("HTTP/1.1 503");
  }

  @ParameterizedTest
  @EnumSource
  void scrape_afterOnesThatCouldNotStart_isServed(Container container) throws Exception {
    MetricsServletBuilder builder = MetricsServlet.builder().registry(registry);
    builder.maxUnsentKibibytes = 1;
    try (RunningServer server = start(container, builder.build())) {
      assertServesAfterFailures(server, "/sent/", 3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void livePage_afterAnswersThatCouldNotStart_isServed(Container container) throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    try (RunningServer server =
        start(container, new LivePageServlet(LivePage.builder(metrics).build()))) {
      assertServesAfterFailures(server, "/sent/samples", 17);
    }
  }
}
