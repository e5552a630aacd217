package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A server with the live page, that can be started again on its port. */
final class LiveServer implements AutoCloseable {
  final PredictionMetrics metrics;
  final HttpMetrics http;
  private final RunningServer running;

  /**
   * Starts one.
   *
   * @param port the port; 0 for any that is free
   */
  LiveServer(int port) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    metrics = PredictionMetrics.builder().registry(registry).build();
    http = HttpMetrics.builder().registry(registry).build();
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    connector.setPort(port);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    ServletHolder holder =
        new ServletHolder(
            new LivePageServlet(
                LivePage.builder(metrics).requests(http::requestsByStatus).build()));
    holder.setAsyncSupported(true);
    holder.setInitOrder(0);
    context.addServlet(holder, "/live/*");
    context.addServlet(new ServletHolder(new MetricsServlet(registry)), "/metrics");
    server.setHandler(context);
    server.start();
    running = new RunningServer(connector.getLocalPort(), "", server::stop);
  }

  int port() {
    return running.port();
  }

  String page() {
    return running.url() + "/live";
  }

  @Override
  public void close() {
    running.close();
  }
}
