package io.kubeserve.examples.jetty;

import io.kubeserve.examples.jetty.InfoServlet.Info;
import io.kubeserve.metrics.PredictionMetrics;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;

/** The HTTP server: every endpoint, and the metrics of its own registry. */
final class ModelServer {
  private static final int STOP_TIMEOUT_MILLIS = 10_000;

  /** How long the idle connections of clients may hold up a stop. */
  private static final int IDLE_ON_STOP_MILLIS = 100;

  private static final List<String> ENDPOINTS =
      List.of(
          "POST /predict",
          "POST /api/v1/predict/{deployment}/predict",
          "GET /health",
          "GET /ready",
          "GET /metrics");

  private final ModelSlot model;
  private final Server server = new Server();
  private final ServerConnector connector;

  ModelServer(String host, int port, ModelSlot model) {
    this.model = model;
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    PredictServlet predict = new PredictServlet(model, metrics.recorder());

    ServletContextHandler context = new ServletContextHandler();
    add(context, predict, "/predict", "/api/v1/predict/*");
    add(context, new InfoServlet(this::health), "/health");
    add(context, new InfoServlet(this::readiness), "/ready");
    add(context, new InfoServlet(ModelServer::endpoints), "");
    add(context, new PrometheusMetricsServlet(registry), "/metrics");
    add(context, new NotFoundServlet(), "/");

    connector = connector(host, port);
    server.addConnector(connector);
    server.setHandler(new GracefulHandler(context));
    server.setStopTimeout(STOP_TIMEOUT_MILLIS);
  }

  private ServerConnector connector(String host, int port) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector http = new ServerConnector(server, new HttpConnectionFactory(configuration));
    http.setHost(host);
    http.setPort(port);
    http.setShutdownIdleTimeout(IDLE_ON_STOP_MILLIS);
    return http;
  }

  private static void add(ServletContextHandler context, Servlet servlet, String... paths) {
    ServletHolder holder = new ServletHolder(servlet);
    for (String path : paths) {
      context.addServlet(holder, path);
    }
  }

  private Info health() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "healthy");
    body.put("model_loaded", model.isFilled());
    return new Info(HttpServletResponse.SC_OK, body);
  }

  private Info readiness() {
    boolean ready = model.isFilled();
    return new Info(
        ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        Map.of("ready", ready));
  }

  private static Info endpoints() {
    return new Info(HttpServletResponse.SC_OK, Map.of("endpoints", ENDPOINTS));
  }

  void start() throws Exception {
    server.start();
  }

  /** Returns where the server listens, by the port that it got. */
  String url() {
    String host = connector.getHost();
    return "http://%s:%d"
        .formatted(host.contains(":") ? '[' + host + ']' : host, connector.getLocalPort());
  }

  void join() throws InterruptedException {
    server.join();
  }

  /** Stops listening, lets the requests under way end, and stops. */
  void stop() throws Exception {
    server.stop();
  }

  /** Answers whatever no other servlet is mapped to. */
  private static final class NotFoundServlet extends JsonServlet {
    private static final long serialVersionUID = 1;

    NotFoundServlet() {
      super("GET");
    }

    @Override
    boolean isFound(HttpServletRequest request) {
      return false;
    }

    @Override
    void answer(HttpServletRequest request, HttpServletResponse response) {}
  }
}
