package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.WebApplicationLoader;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** A web application with the filter and every servlet is undeployed; Jetty goes on. */
class RedeployTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final List<String> PATHS =
      List.of("/metrics", "/metrics/summary", "/live/samples");

  /** The application: it is loaded anew with every deployment. */
  public static final class Application implements Consumer<Server> {
    @Override
    public void accept(Server server) {
      try {
        deployUseAndUndeploy(server);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    private static void deployUseAndUndeploy(Server server) throws Exception {
      PrometheusRegistry registry = new PrometheusRegistry();
      PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
      metrics.recorder().time(() -> "output");
      HttpMetrics http = HttpMetrics.builder().registry(registry).build();
      ServletContextHandler context = new ServletContextHandler();
      context.addFilter(
          new FilterHolder(HttpMetricsFilter.builder(http).build()),
          "/*",
          EnumSet.of(DispatcherType.REQUEST));
      context.addServlet(new ServletHolder(new MetricsServlet(registry)), PATHS.get(0));
      context.addServlet(
          new ServletHolder(new SummaryServlet(new SummaryJson(metrics))), PATHS.get(1));
      context.addServlet(
          new ServletHolder(
              new LivePageServlet(
                  LivePage.builder(metrics).requests(http::requestsByStatus).build())),
          "/live/*");
      server.setHandler(context);
      context.start();
      for (String path : PATHS) {
        assertThat(get(server, path)).startsWith("HTTP/1.1 200 ");
      }
      context.stop();
      server.setHandler((Handler) null);
      metrics.unregister();
    }

    static String get(Server server, String path) throws Exception {
      return server
          .getBean(LocalConnector.class)
          .getResponse("GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".formatted(path));
    }
  }

  @Test
  void undeployed_leavesNoThreadAndNoClass() throws Exception {
    Server server = new Server();
    server.addConnector(new LocalConnector(server));
    server.setDynamic(true);
    server.start();
    // Jetty starts threads on demand, and on JDK 17 a thread keeps the code that started it.
    Application.get(server, "/");
    try {
      for (int deployment = 0; deployment < 3; deployment++) {
        WeakReference<ClassLoader> loader = deployAndUndeploy(server);

        await()
            .atMost(LIMIT)
            .until(
                () -> {
                  System.gc();
                  return loader.get() == null;
                });
        assertThat(Thread.getAllStackTraces().keySet())
            .extracting(Thread::getName)
            .doesNotContain("kubeserve-live-page");
      }
    } finally {
      server.stop();
    }
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<ClassLoader> deployAndUndeploy(Server server) throws Exception {
    try (WebApplicationLoader loader = new WebApplicationLoader()) {
      Object application =
          loader.loadClass(Application.class.getName()).getDeclaredConstructor().newInstance();
      assertThat(application).isNotInstanceOf(Application.class);
      ((Consumer<Server>) application).accept(server);
      return new WeakReference<>(loader);
    }
  }
}
