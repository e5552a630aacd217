package io.kubeserve.examples.jetty;

import io.kubeserve.examples.jetty.InfoServlet.Info;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.LivePageBuilder;
import io.kubeserve.metrics.live.SummaryJson;
import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import io.kubeserve.metrics.servlet.LivePageServlet;
import io.kubeserve.metrics.servlet.MetricsServlet;
import io.kubeserve.metrics.servlet.SummaryServlet;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP server: every endpoint, and the metrics of its own registry. */
final class ModelServer {
  private static final System.Logger LOGGER = System.getLogger(ModelServer.class.getName());

  /** How long the requests under way may take to end on a stop. */
  private static final int END_MILLIS = 10_000;

  /** How long the refusals of those that did not may take to be sent. */
  private static final int REFUSE_MILLIS = 1_000;

  /** How long the threads of a server without connections may take to end. */
  private static final int THREADS_END_MILLIS = 1_000;

  /** Enough to scrape, and few beside the threads that predict. */
  private static final int METRICS_THREADS = 8;

  private static final List<String> ENDPOINTS =
      List.of(
          "POST /predict",
          "POST /api/v1/predict/{deployment}/predict",
          "POST /predict/stream",
          "GET /v2",
          "GET /v2/health/live",
          "GET /v2/health/ready",
          "GET /v2/models/{model_name}[/versions/{version}]",
          "GET /v2/models/{model_name}[/versions/{version}]/ready",
          "POST /v2/models/{model_name}[/versions/{version}]/infer",
          "GET /health",
          "GET /ready",
          "GET /metrics",
          "GET /metrics/summary",
          "GET /live");

  private final Predictor predictor;
  private final Server server = new Server();
  private final ServerConnector connector;
  private final Draining draining;
  private final long endMillis;
  private final long refuseMillis;

  /** The server of the second port, if there is one: scrapes never wait for predictions. */
  private final @Nullable Server metricsServer;

  private final ServerConnector metricsConnector;

  ModelServer(ServerOptions options) {
    this(options, END_MILLIS, REFUSE_MILLIS);
  }

  /**
   * Makes one that has other times to end.
   *
   * @param options how it is set up
   * @param endMillis how long the requests under way may take to end on a stop
   * @param refuseMillis how long the refusals of those that did not may take to be sent
   */
  ModelServer(ServerOptions options, long endMillis, long refuseMillis) {
    this.endMillis = endMillis;
    this.refuseMillis = refuseMillis;
    PrometheusRegistry registry = new PrometheusRegistry();
    JvmMetrics.builder().register(registry);
    PredictionMetrics metrics =
        PredictionMetrics.builder()
            .registry(registry)
            .modelInfo(options.modelName(), options.modelVersion())
            .errorClassifier(ModelServer::reasonOf)
            .build();
    predictor = Predictor.of(metrics, options);

    ServletContextHandler context = new ServletContextHandler();
    LivePageBuilder live = LivePage.builder(metrics);
    if (options.instrumentation() == Instrumentation.EVERYTHING) {
      HttpMetrics http = HttpMetrics.builder().registry(registry).build();
      addFilter(context, HttpMetricsFilter.builder(http).excludedPaths("/live/*").build());
      live.requests(http::requestsByStatus);
    }
    add(context, new PredictServlet(predictor), "/predict", "/api/v1/predict/*");
    add(context, new StreamServlet(predictor), "/predict/stream");
    add(
        context,
        new OpenInferenceServlet(
            predictor, options.modelName(), options.modelVersion(), this::isReady),
        "/v2/*");
    add(context, new InfoServlet(this::health), "/health");
    add(context, new InfoServlet(this::readiness), "/ready");
    add(context, new InfoServlet(ModelServer::endpoints), "");
    add(context, new NotFoundServlet(), "/");
    connector = Connectors.add(server, options, options.port());
    draining = new Draining(connector, context);
    server.setHandler(draining);
    server.getBean(QueuedThreadPool.class).setStopTimeout(THREADS_END_MILLIS);
    server.setErrorHandler(new JsonErrorHandler());
    context.setErrorHandler(new JsonErrorHandler());

    Integer metricsPort = options.metricsPort();
    ServletContextHandler metricsContext =
        metricsPort == null ? context : new ServletContextHandler();
    add(metricsContext, new MetricsServlet(registry), "/metrics");
    add(metricsContext, new SummaryServlet(new SummaryJson(metrics)), "/metrics/summary");
    add(metricsContext, new LivePageServlet(live.build()), "/live/*");
    if (metricsPort == null) {
      metricsServer = null;
      metricsConnector = connector;
    } else {
      metricsServer = new Server(new QueuedThreadPool(METRICS_THREADS));
      metricsConnector = Connectors.add(metricsServer, options, metricsPort);
      metricsServer.setHandler(metricsContext);
    }
  }

  private static @Nullable ErrorReason reasonOf(Throwable thrown) {
    return thrown instanceof InvalidRowsException ? ErrorReason.INVALID_INPUT : null;
  }

  private static void addFilter(ServletContextHandler context, HttpMetricsFilter filter) {
    FilterHolder holder = new FilterHolder(filter);
    holder.setAsyncSupported(true);
    context.addFilter(holder, "/*", EnumSet.of(DispatcherType.REQUEST));
  }

  private static void add(ServletContextHandler context, Servlet servlet, String... paths) {
    ServletHolder holder = new ServletHolder(servlet);
    holder.setAsyncSupported(true);
    holder.setInitOrder(0);
    for (String path : paths) {
      context.addServlet(holder, path);
    }
  }

  private Info health() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", "healthy");
    body.put("model_loaded", predictor.isLoaded());
    return new Info(HttpServletResponse.SC_OK, body);
  }

  private Info readiness() {
    boolean ready = isReady();
    return new Info(
        ready ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE,
        Map.of("ready", ready));
  }

  private boolean isReady() {
    return !draining.isAnnounced() && predictor.isLoaded();
  }

  private static Info endpoints() {
    return new Info(HttpServletResponse.SC_OK, Map.of("endpoints", ENDPOINTS));
  }

  /** Loads the model; the server is ready then. */
  void load(Predictor.Loader loader) throws Exception {
    predictor.load(loader);
  }

  /**
   * Starts to listen, on both ports or on none.
   *
   * @throws IOException if a port cannot be had
   */
  void start() throws Exception {
    try {
      server.start();
      if (metricsServer != null) {
        metricsServer.start();
      }
    } catch (Exception e) {
      stop();
      throw e;
    }
  }

  /** Returns where the server listens, by the port that it got. */
  String url() {
    return Connectors.url(connector);
  }

  /** Returns where the scrapes and the live page are, by the port that they got. */
  String metricsUrl() {
    return Connectors.url(metricsConnector);
  }

  /**
   * Says that it is not ready, and closes each connection with its next answer; everything is still
   * answered.
   */
  void announceStop() {
    draining.announce();
  }

  /** Tells whether no request is under way. */
  boolean isIdle() {
    return draining.isIdle();
  }

  /** Tells whether nothing uses ONNX Runtime any more. */
  boolean isModelReleased() {
    return predictor.isReleased();
  }

  boolean hasMetricsPort() {
    return metricsServer != null;
  }

  /**
   * Refuses new predictions and lets those under way end; everything else is still answered,
   * scrapes too.
   */
  void drain() throws InterruptedException {
    announceStop();
    predictor.drain();
  }

  /** Stops listening for requests, and lets those under way end; a second port goes on. */
  void stopServing() throws Exception {
    draining.close();
    if (!draining.awaitEnd(endMillis)) {
      LOGGER.log(System.Logger.Level.WARNING, "Requests have not ended in time");
    }
    predictor.cancel();
    draining.awaitEnd(refuseMillis);
    server.stop();
    predictor.close(isIdle());
  }

  /** Stops both ports, scrapes last. */
  void stop() throws Exception {
    stopServing();
    if (metricsServer != null) {
      metricsServer.stop();
    }
  }
}
