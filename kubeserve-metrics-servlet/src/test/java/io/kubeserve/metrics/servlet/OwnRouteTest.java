package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request has the route that it was sent to, wherever the server takes it afterwards. */
@Tag("container")
class OwnRouteTest {
  private final FilterFixture fixture = new FilterFixture();

  private RunningServer start(Container container, HttpMetricsFilter filter, Route.Body body)
      throws Exception {
    return container.start(
        context -> {
          ContractApp.addFilter(context, filter);
          ContractApp.addServlet(context, new Route(body), "/own");
          ContractApp.addServlet(
              context, new Route((request, response) -> route(request, "/target/{id}")), "/target");
        });
  }

  private static void route(HttpServletRequest request, String template) {
    request.setAttribute(HttpMetricsFilter.HANDLER_ATTRIBUTE, template);
  }

  private void assertCounted(Container container, Route.Body body, String handler)
      throws Exception {
    HttpMetricsFilter filter = new HttpMetricsFilter(fixture.metrics);
    try (RunningServer server = start(container, filter, body)) {
      assertThat(server.get("/own").statusCode()).isEqualTo(200);
      fixture.awaitRequests(1);
    }
    assertThat(fixture.counts()).isEqualTo(Map.of(series(handler, "GET", "2xx"), 1.0));
  }

  private static RequestDispatcher target(HttpServletRequest request) {
    return request.getRequestDispatcher("/target");
  }

  @ParameterizedTest
  @EnumSource
  void forward_toAnotherRoute_countsTheOwnOne(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          route(request, "/own/{id}");
          target(request).forward(request, response);
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void forward_ofARequestWithoutRoute_countsTheMapping(Container container) throws Exception {
    assertCounted(
        container, (request, response) -> target(request).forward(request, response), "/own");
  }

  /** Jetty shows nobody that such a forward happens. */
  @ParameterizedTest
  @EnumSource(names = {"TOMCAT", "UNDERTOW"})
  void forward_byTheContextsDispatcher_countsTheOwnRoute(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          route(request, "/own/{id}");
          request.getServletContext().getRequestDispatcher("/target").forward(request, response);
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void include_ofAnotherRoute_countsTheOwnOne(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          route(request, "/own/{id}");
          target(request).include(request, response);
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void router_thatRefinesItsRoute_countsTheLastOne(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          route(request, "none");
          target(request).include(request, response);
          route(request, "/own/{id}");
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void asyncDispatch_toAnotherRoute_countsTheOwnOne(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          route(request, "/own/{id}");
          request.startAsync().dispatch("/target");
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void route_thatIsKnownOnlyWhenTheRequestIsDispatchedAgain_counts(Container container)
      throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          if (request.getAttribute("again") == null) {
            request.setAttribute("again", true);
            request.startAsync().dispatch();
          } else {
            route(request, "/own/{id}");
          }
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void route_thatAnotherThreadTells_counts(Container container) throws Exception {
    assertCounted(
        container,
        (request, response) -> {
          AsyncContext async = request.startAsync();
          async.start(
              () -> {
                route((HttpServletRequest) async.getRequest(), "/own/{id}");
                async.complete();
              });
        },
        "/own/{id}");
  }

  @ParameterizedTest
  @EnumSource
  void resolver_ofAForwardedRequest_seesItAsItWasRouted(Container container) throws Exception {
    HttpMetricsFilter filter =
        HttpMetricsFilter.builder(fixture.metrics)
            .handlerResolver(request -> (String) request.getAttribute("template"))
            .build();
    try (RunningServer server =
        container.start(
            context -> {
              ContractApp.addFilter(context, filter);
              ContractApp.addServlet(context, new Route(OwnRouteTest::forwardTwice), "/own/*");
            })) {
      server.get("/own/first");
      fixture.awaitRequests(1);
    }
    assertThat(fixture.counts()).isEqualTo(Map.of(series("/own/first", "GET", "2xx"), 1.0));
  }

  private static void forwardTwice(HttpServletRequest request, HttpServletResponse response)
      throws jakarta.servlet.ServletException, java.io.IOException {
    request.setAttribute("template", request.getRequestURI());
    if (!request.getRequestURI().endsWith("/third")) {
      String next = request.getRequestURI().endsWith("/first") ? "/own/second" : "/own/third";
      request.getRequestDispatcher(next).forward(request, response);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/models"})
  void servlet_ofEveryPath_thatFindsNoRoute_isNone(String contextPath) throws Exception {
    for (Container container : Container.values()) {
      FilterFixture own = new FilterFixture();
      try (RunningServer server =
          container.start(
              contextPath,
              context -> {
                ContractApp.addFilter(context, new HttpMetricsFilter(own.metrics));
                ContractApp.addServlet(
                    context,
                    new Route(
                        (request, response) ->
                            response.setStatus(Integer.parseInt(request.getQueryString()))),
                    "/*");
              })) {
        server.get("/a?404");
        server.get("/b?405");
        server.get("/c?200");
        own.awaitRequests(3);
      }
      assertThat(own.counts())
          .isEqualTo(
              Map.of(
                  series("none", "GET", "4xx"), 2.0,
                  series(contextPath + "/*", "GET", "2xx"), 1.0));
    }
  }
}
