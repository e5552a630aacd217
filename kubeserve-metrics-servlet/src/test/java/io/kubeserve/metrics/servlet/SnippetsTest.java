package io.kubeserve.metrics.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.Scrape;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import jakarta.ws.rs.core.UriBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.servlet.ServletContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The code of the guide {@code docs/servlet.md} and of the Javadoc, run. */
class SnippetsTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private void assertPredictIsCounted(RunningServer server) throws Exception {
    server.get("/predict");
    assertThat(server.get("/metrics").body())
        .contains("http_requests_total{handler=\"/predict\",method=\"GET\",status=\"2xx\"} 1.0\n");
  }

  private static Route predictServlet() {
    return new Route((request, response) -> response.getWriter().write("0.5"));
  }

  @Test
  void jetty() throws Exception {
    Server server = new Server();
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(predictServlet()), "/predict");
    // @start region="jetty"
    HttpMetrics http = HttpMetrics.builder().registry(registry).build();

    FilterHolder filter = new FilterHolder(new HttpMetricsFilter(http));
    filter.setAsyncSupported(true);
    context.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));

    ServletHolder metrics = new ServletHolder(new MetricsServlet(registry));
    metrics.setAsyncSupported(true);
    context.addServlet(metrics, "/metrics");
    // @end
    PredictionMetrics predictions = PredictionMetrics.builder().registry(registry).build();
    // @start region="summary"
    SummaryJson summary = new SummaryJson(predictions);
    context.addServlet(new ServletHolder(new SummaryServlet(summary)), "/metrics/summary");
    // @end
    // @start region="live"
    LivePage page = LivePage.builder(predictions).requests(http::requestsByStatus).build();
    ServletHolder live = new ServletHolder(new LivePageServlet(page));
    live.setAsyncSupported(true);
    live.setInitOrder(0); // its samples begin with the server, not with the first viewer
    context.addServlet(live, "/live/*");
    // @end
    server.setHandler(context);
    server.start();
    try (RunningServer running = new RunningServer(connector.getLocalPort(), "", server::stop)) {
      assertPredictIsCounted(running);
      assertThat(running.get("/live/").body()).contains("<title>Live metrics</title>");
      assertThat(running.get("/metrics/summary").body()).contains("\"models\":[]");
    }
  }

  @Test
  void tomcat(@TempDir java.nio.file.Path folder) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", null);
    // @start region="tomcat"
    context.addServletContainerInitializer(
        (classes, servletContext) -> configure(servletContext), Set.of());
    // Tomcat calls no filter where no servlet is mapped: without this one, no 404 counts.
    Tomcat.addServlet(context, "default", new DefaultServlet());
    context.addServletMappingDecoded("/", "default");
    // @end
    tomcat.start();
    try (RunningServer running =
        new RunningServer(tomcat.getConnector().getLocalPort(), "", tomcat::stop)) {
      assertPredictIsCounted(running);
      assertThat(running.get("/nothing").statusCode()).isEqualTo(404);
      assertThat(running.send("POST", "/nothing", "").statusCode()).isEqualTo(404);
      assertThat(running.get("/metrics").body())
          .contains("http_requests_total{handler=\"none\",method=\"GET\",status=\"4xx\"} 1.0\n")
          .contains("http_requests_total{handler=\"none\",method=\"POST\",status=\"4xx\"} 1.0\n");
    }
  }

  private void configure(ServletContext context) {
    context.addServlet("predict", predictServlet()).addMapping("/predict");
    // @start region="programmatic"
    HttpMetrics http = HttpMetrics.builder().registry(registry).build();

    FilterRegistration.Dynamic filter =
        context.addFilter("http-metrics", new HttpMetricsFilter(http));
    filter.setAsyncSupported(true);
    filter.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");

    ServletRegistration.Dynamic metrics =
        context.addServlet("metrics", new MetricsServlet(registry));
    metrics.setAsyncSupported(true);
    metrics.addMapping("/metrics");
    // @end
  }

  // @start region="jaxrs"
  /**
   * Tells the filter which route JAX-RS has chosen.
   *
   * @param prefix the path of the JAX-RS servlet, such as /api; empty for one that is mapped to /*
   */
  public record RouteTemplates(String prefix) implements DynamicFeature {
    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
      String template =
          prefix + template(resource.getResourceClass(), resource.getResourceMethod());
      ContainerRequestFilter filter =
          request -> request.setProperty(HttpMetricsFilter.HANDLER_ATTRIBUTE, template);
      context.register(filter);
    }

    private static String template(Class<?> resource, Method method) {
      if (!resource.isAnnotationPresent(Path.class)) {
        return "/*"; // a sub-resource: its path is its locator's
      }
      UriBuilder path = UriBuilder.fromResource(resource);
      String template =
          (method.isAnnotationPresent(Path.class) ? path.path(method) : path).toTemplate();
      return template.startsWith("/") ? template : "/" + template;
    }
  }

  /** Says of a request that no route matched; {@link RouteTemplates} says otherwise later. */
  @PreMatching
  public static final class NoRoute implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
      request.setProperty(HttpMetricsFilter.HANDLER_ATTRIBUTE, HttpMetricsFilter.NO_HANDLER);
    }
  }

  // @end

  /** A resource, as a team has it. */
  @Path("models/{name}")
  public static final class Models {
    @GET
    public String all(@PathParam("name") String name) {
      return name;
    }

    @GET
    @Path("versions/{version}")
    public String version(@PathParam("name") String name, @PathParam("version") String version) {
      return name + version;
    }

    @Path("sub")
    public Sub sub() {
      return new Sub();
    }
  }

  /** A sub-resource. */
  public static final class Sub {
    @GET
    public String get() {
      return "sub";
    }
  }

  @Tag("rest")
  @ParameterizedTest
  @CsvSource({"/api/*, /api", "/*, ''"})
  void jaxRs(String mapping, String prefix) throws Exception {
    HttpMetrics http = HttpMetrics.builder().registry(registry).build();
    // @start region="jaxrs-register"
    ResourceConfig application = new ResourceConfig(Models.class);
    application.register(NoRoute.class).register(new RouteTemplates(prefix));
    // @end
    try (RunningServer server =
        Container.JETTY.start(
            context -> {
              ContractApp.addFilter(context, new HttpMetricsFilter(http));
              ContractApp.addServlet(context, new ServletContainer(application), mapping);
            })) {
      String root = prefix + "/models/iris";
      assertThat(server.get(root).body()).isEqualTo("iris");
      assertThat(server.get(root + "/versions/3").body()).isEqualTo("iris3");
      assertThat(server.get(root + "/sub").body()).isEqualTo("sub");
      assertThat(server.get(prefix + "/nothing").statusCode()).isEqualTo(404);
      assertThat(server.send("DELETE", root).statusCode()).isEqualTo(405);
    }
    assertThat(Scrape.of(registry).series())
        .filteredOn(series -> series.startsWith("http_requests_total"))
        .containsExactlyInAnyOrder(
            total(prefix + "/models/{name}", "GET", "2xx"),
            total(prefix + "/models/{name}/versions/{version}", "GET", "2xx"),
            total(prefix + "/*", "GET", "2xx"),
            total("none", "GET", "4xx"),
            total("none", "DELETE", "4xx"));
  }

  private static String total(String handler, String method, String status) {
    return "http_requests_total" + FilterFixture.series(handler, method, status);
  }

  // @start region="streamedOutput"
  /** Sends a prediction token by token, as server-sent events. */
  static void send(
      PredictionRecorder recorder, Iterable<String> tokens, HttpServletResponse response)
      throws IOException {
    response.setContentType("text/event-stream");
    try (PredictionStream stream = recorder.startStream()) {
      ServletOutputStream out = StreamedOutput.of(response.getOutputStream(), stream);
      for (String token : tokens) {
        out.write("data: %s\n\n".formatted(token).getBytes(UTF_8));
        out.flush();
      }
      out.close();
    }
  }

  // @end

  @Test
  void streamedOutput() throws Exception {
    PredictionRecorder recorder = PredictionMetrics.builder().registry(registry).build().recorder();
    Route generate =
        new Route((request, response) -> send(recorder, List.of("to", "be"), response));
    try (RunningServer server =
        Container.JETTY.start(context -> ContractApp.addServlet(context, generate, "/generate"))) {
      assertThat(server.get("/generate").body()).isEqualTo("data: to\n\ndata: be\n\n");
      await().until(() -> Scrape.of(registry).inFlight() == 0);
    }
    assertThat(Scrape.of(registry).value("prediction_stream_items_total")).isEqualTo(2);
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }
}
