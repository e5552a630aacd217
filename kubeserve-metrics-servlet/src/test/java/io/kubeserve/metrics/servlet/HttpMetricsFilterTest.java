package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpMetricsFilterTest {
  private final FilterFixture fixture = new FilterFixture();

  private HttpMetricsFilterBuilder filter() {
    return HttpMetricsFilter.builder(fixture.metrics);
  }

  private static RunningServer start(Container container, Filter filter, Route.Body body)
      throws Exception {
    return start(container, "", filter, body, "/route");
  }

  private static RunningServer start(
      Container container, String contextPath, Filter filter, Route.Body body, String... patterns)
      throws Exception {
    return container.start(
        contextPath,
        context -> {
          ContractApp.addFilter(context, filter);
          ContractApp.addServlet(context, new Route(body), patterns);
        });
  }

  private void assertCounted(String handler, String status) {
    fixture.awaitRequests(1);
    assertThat(fixture.counts()).isEqualTo(Map.of(series(handler, "GET", status), 1.0));
  }

  @ParameterizedTest
  @EnumSource
  void handler_ofAnExactMapping_isThePath(Container container) throws Exception {
    try (RunningServer server =
        start(container, filter().build(), (request, response) -> response.setStatus(204))) {
      server.get("/route?query=left+out");
      assertCounted("/route", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_ofAPrefixMapping_isThePattern_withTheContextInFront(Container container)
      throws Exception {
    try (RunningServer server =
        start(
            container, "/models", filter().build(), (request, response) -> {}, "/v1/*", "*.onnx")) {
      server.get("/v1/a/b");
      server.get("/v1/c");
      server.get("/x/y.onnx");
      fixture.awaitRequests(3);
    }
    assertThat(fixture.counts())
        .isEqualTo(
            Map.of(
                series("/models/v1/*", "GET", "2xx"), 2.0,
                series("/models/*.onnx", "GET", "2xx"), 1.0));
  }

  @ParameterizedTest
  @EnumSource
  void handler_ofTheContextRoot_isASlash(Container container) throws Exception {
    try (RunningServer server =
        start(container, "", filter().build(), (request, response) -> {}, "")) {
      server.get("/");
      assertCounted("/", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_ofTheDefaultServlet_isNone(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            "/models",
            filter().build(),
            (request, response) -> response.setStatus(404),
            "/")) {
      server.get("/whatever");
      assertCounted("none", "4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_isTheAttributesThatTheRouterLeaves(Container container) throws Exception {
    String attribute = "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";
    try (RunningServer server =
        start(
            container,
            filter().handlerAttribute(attribute).build(),
            (request, response) -> request.setAttribute(attribute, "/models/{name}"))) {
      server.get("/route");
      assertCounted("/models/{name}", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void handler_isTheResolversFirst(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().handlerResolver(request -> "/resolved").build(),
            (request, response) ->
                request.setAttribute(HttpMetricsFilter.HANDLER_ATTRIBUTE, "/attribute"))) {
      server.get("/route");
      assertCounted("/resolved", "2xx");
    }
  }

  @Test
  void handler_ofAResolverThatThrows_isTheMapping() throws Exception {
    try (RunningServer server =
        start(
            Container.JETTY,
            filter()
                .handlerResolver(
                    request -> {
                      throw new IllegalStateException("the resolver is broken");
                    })
                .build(),
            (request, response) -> {})) {
      assertThat(server.get("/route").statusCode()).isEqualTo(200);
      assertCounted("/route", "2xx");
    }
  }

  @Test
  void handler_ofAnAttributeThatThrows_isTheMapping() throws Exception {
    Object broken =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("the router is broken");
          }
        };
    try (RunningServer server =
        start(
            Container.JETTY,
            filter().build(),
            (request, response) ->
                request.setAttribute(HttpMetricsFilter.HANDLER_ATTRIBUTE, broken))) {
      assertThat(server.get("/route").statusCode()).isEqualTo(200);
      assertCounted("/route", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thrown_countsAServerErrorOnce_alsoWithAnErrorPage(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) -> {
              throw new StackOverflowError("an Error is counted, too");
            })) {
      assertThat(server.get("/route").statusCode()).isEqualTo(500);
      assertCounted("/route", "5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thrown_afterTheResponseWasCommitted_countsTheStatusThatWasSent(Container container)
      throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) -> {
              response.flushBuffer();
              throw new ServletException("too late to tell the client");
            })) {
      server.raw("GET /route HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
      assertCounted("/route", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void sendError_countsItsStatusOnce(Container container) throws Exception {
    try (RunningServer server =
        start(container, filter().build(), (request, response) -> response.sendError(418))) {
      assertThat(server.get("/route").statusCode()).isEqualTo(418);
      assertCounted("/route", "4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void dispatch_ofEveryKind_belongsToTheRequest_evenWhenTheFilterIsMappedToAll(Container container)
      throws Exception {
    try (RunningServer server =
        container.start(
            context -> {
              FilterRegistration.Dynamic registration =
                  context.addFilter("metrics", filter().build());
              registration.setAsyncSupported(true);
              registration.addMappingForUrlPatterns(
                  EnumSet.allOf(DispatcherType.class), false, "/*");
              addDispatching(context);
            })) {
      assertThat(server.get("/dispatching").body()).contains("included", "forwarded");
      assertThat(server.get("/failing").statusCode()).isEqualTo(500);
      fixture.awaitRequests(2);
    }
    assertThat(fixture.counts())
        .isEqualTo(
            Map.of(
                series("/dispatching", "GET", "2xx"), 1.0, series("/failing", "GET", "5xx"), 1.0));
  }

  private static void addDispatching(ServletContext context) {
    ContractApp.addServlet(
        context,
        new Route(
            (request, response) -> {
              RequestDispatcher forward = request.getRequestDispatcher("/including");
              forward.forward(request, response);
            }),
        "/dispatching");
    ContractApp.addServlet(
        context,
        new Route(
            (request, response) -> {
              response.getWriter().write("forwarded ");
              request.getRequestDispatcher("/included").include(request, response);
            }),
        "/including");
    ContractApp.addServlet(
        context,
        new Route((request, response) -> response.getWriter().write("included")),
        "/included");
    ContractApp.addServlet(
        context,
        new Route(
            (request, response) -> {
              throw new IllegalStateException("for the error page");
            }),
        "/failing");
  }

  @ParameterizedTest
  @EnumSource
  void mapping_ofTheFilterTwice_countsOnce(Container container) throws Exception {
    try (RunningServer server =
        container.start(
            context -> {
              FilterRegistration.Dynamic registration =
                  context.addFilter("metrics", filter().build());
              registration.addMappingForUrlPatterns(null, false, "/*");
              registration.addMappingForUrlPatterns(null, true, "/route");
              ContractApp.addServlet(context, new Route((request, response) -> {}), "/route");
            })) {
      server.get("/route");
      assertCounted("/route", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void excludedPaths_areNotCounted(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            "/models",
            filter().excludedPaths("/health", "/actuator/*").build(),
            (request, response) -> {},
            "/health",
            "/actuator/*",
            "/healthy")) {
      server.get("/health");
      server.get("/actuator");
      server.get("/actuator/prometheus");
      server.get("/healthy");
      assertCounted("/models/healthy", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void clientThatIsGone_isCountedOnce(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) -> {
              for (int i = 0; i < 10_000; i++) {
                response.getOutputStream().write(new byte[10_000]);
              }
            })) {
      try (Socket socket = server.connect()) {
        socket.setSoLinger(true, 0);
        socket
            .getOutputStream()
            .write("GET /route HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isNotNegative();
      }
      assertCounted("/route", "2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void inProgress_isWhatHasNotEnded(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) ->
                response.getWriter().write(Double.toString(fixture.inProgress())))) {
      assertThat(server.get("/route").body()).isEqualTo("1.0");
      fixture.awaitRequests(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void sizes_areThoseOfTheHeaders(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) -> {
              response.addHeader("content-length", "3");
              response.getOutputStream().write(new byte[3]);
            })) {
      for (int i = 1; i <= 3; i++) {
        server.send("POST", "/route", "12345");
        fixture.awaitRequests(i);
      }
    }
    assertSizes(15, 9);
  }

  private void assertSizes(double request, double response) {
    assertThat(fixture.scrape().value("http_request_size_bytes_sum{handler=\"/route\"}"))
        .isEqualTo(request);
    assertThat(fixture.scrape().value("http_response_size_bytes_sum{handler=\"/route\"}"))
        .isEqualTo(response);
  }

  @ParameterizedTest
  @EnumSource
  void length_thatIsReset_isNotCounted(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().build(),
            (request, response) -> {
              response.setContentLength(300);
              response.reset();
              response.getOutputStream().write(1);
              response.flushBuffer();
            })) {
      server.get("/route");
      fixture.awaitRequests(1);
    }
    assertSizes(0, 0);
  }

  @ParameterizedTest
  @EnumSource
  void countBytes_countsStreams(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().countBytes(true).build(),
            (request, response) -> {
              byte[] body = request.getInputStream().readAllBytes();
              response.getOutputStream().write(body);
              response.getOutputStream().write(body[0]);
              response.flushBuffer();
            })) {
      server.send(
          server
              .request("/route")
              .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[100_000])))
              .build());
      fixture.awaitRequests(1);
    }
    assertSizes(100_000, 100_001);
  }

  @ParameterizedTest
  @EnumSource
  void countBytes_countsReadersAndWriters_asTheyAreEncoded(Container container) throws Exception {
    String text = "naïve 模型 🚀";
    int utf8 = text.getBytes(StandardCharsets.UTF_8).length;
    try (RunningServer server =
        start(
            container,
            filter().countBytes(true).build(),
            (request, response) -> {
              request.setCharacterEncoding("UTF-8");
              response.setContentType("text/plain;charset=UTF-16BE");
              PrintWriter writer = response.getWriter();
              writer.write(request.getReader().readLine());
            })) {
      assertThat(server.send("POST", "/route", text).statusCode()).isEqualTo(200);
      fixture.awaitRequests(1);
    }
    assertSizes(utf8, text.getBytes(StandardCharsets.UTF_16BE).length);
  }

  @ParameterizedTest
  @EnumSource
  void countBytes_ofABodyThatTheContainerReads_goesByItsHeader(Container container)
      throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().countBytes(true).build(),
            (request, response) -> response.getWriter().write(request.getParameter("a")))) {
      String form = "a=" + "x".repeat(98);
      server.send(
          server
              .request("/route")
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(form))
              .build());
      fixture.awaitRequests(1);
    }
    assertSizes(100, 98);
  }

  @ParameterizedTest
  @EnumSource
  void countBytes_countsWhatIsWrittenAfterStartAsync(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            filter().countBytes(true).build(),
            (request, response) -> {
              var async = request.startAsync();
              async.start(
                  () -> {
                    try {
                      async.getResponse().getOutputStream().write(new byte[50]);
                    } catch (IOException e) {
                      throw new AssertionError(e);
                    }
                    async.complete();
                  });
            })) {
      assertThat(server.get("/route").body()).hasSize(50);
      fixture.awaitRequests(1);
    }
    assertSizes(0, 50);
  }

  @ParameterizedTest
  @EnumSource
  void secondFilter_ofTheSameMetricsInAContext_isRefused(Container container) {
    assertStartFails(
        container,
        context -> {
          context.addFilter("one", filter().build()).addMappingForUrlPatterns(null, false, "/*");
          context.addFilter("two", filter().build()).addMappingForUrlPatterns(null, false, "/*");
        });
  }

  private static void assertStartFails(Container container, Container.Application application) {
    RunningServer server = null;
    try {
      server = container.start(application);
    } catch (Exception expected) {
      return;
    } finally {
      if (server != null) {
        server.close();
      }
    }
    throw new AssertionError("started");
  }

  @Test
  void metrics_ofARegistryThatHasSome_areRefusedWithASentence() {
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> HttpMetrics.builder().registry(fixture.registry).build()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("build HttpMetrics once for a registry");
  }

  @Test
  void unregister_makesRoomInTheRegistry() {
    fixture.metrics.unregister();

    PrometheusRegistry registry = fixture.registry;
    HttpMetrics again = HttpMetrics.builder().registry(registry).build();
    assertThat(again.start()).isNotZero();
    again.unregister();
    await().until(() -> registry.scrape().size() == 0);
  }

  /** Each has two mappings, so that Jetty may call it twice. */
  @ParameterizedTest
  @EnumSource
  void twoFilters_withMetricsOfTheirOwn_countEachRequestOnce(Container container) throws Exception {
    FilterFixture other = new FilterFixture();
    try (RunningServer server =
        container.start(
            "",
            context -> {
              for (HttpMetrics metrics : List.of(fixture.metrics, other.metrics)) {
                FilterRegistration.Dynamic registration =
                    context.addFilter("f" + metrics.hashCode(), new HttpMetricsFilter(metrics));
                registration.addMappingForUrlPatterns(
                    EnumSet.of(DispatcherType.REQUEST), false, "/a/*", "/a/b/*");
              }
              ContractApp.addServlet(context, new Route((request, response) -> {}), "/a/*");
            })) {
      server.get("/a/b/c");
      assertCounted("/a/*", "2xx");
      other.awaitRequests(1);
      assertThat(other.counts()).isEqualTo(fixture.counts());
    }
  }
}
