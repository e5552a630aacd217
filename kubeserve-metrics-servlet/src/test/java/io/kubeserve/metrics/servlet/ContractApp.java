package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumSet;

/** The application of the contract: its routes, behind a router as teams write their own. */
final class ContractApp {
  private ContractApp() {}

  static void configure(ServletContext context, HttpMetrics metrics, PrometheusRegistry registry) {
    addFilter(context, new HttpMetricsFilter(metrics));
    addServlet(context, new MetricsServlet(registry), "/metrics");
    addServlet(context, new Router(), "/");
  }

  static void addFilter(ServletContext context, Filter filter) {
    FilterRegistration.Dynamic registration =
        context.addFilter(filter.getClass().getSimpleName(), filter);
    registration.setAsyncSupported(true);
    registration.addMappingForUrlPatterns(EnumSet.of(DispatcherType.REQUEST), false, "/*");
  }

  static void addServlet(ServletContext context, Servlet servlet, String... patterns) {
    ServletRegistration.Dynamic registration =
        context.addServlet(servlet.getClass().getSimpleName() + patterns[0].hashCode(), servlet);
    registration.setAsyncSupported(true);
    registration.addMapping(patterns);
  }

  private static final class Router extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      String path = request.getRequestURI();
      if (path.matches("/items/[^/]+")) {
        route(request, "/items/{item_id}");
        item(request, response, path.substring("/items/".length()));
      } else if (path.matches("/items/[^/]+/")) {
        route(request, "/items/{item_id}/");
        response.setStatus(307);
        response.setHeader("Location", path.substring(0, path.length() - 1));
      } else if (path.matches("/v1/models/[^/]+:predict")) {
        route(request, "/v1/models/{name}:predict");
        request.getInputStream().readAllBytes();
        answer(response, 200, 8);
      } else if (path.equals("/boom")) {
        route(request, "/boom");
        throw new IllegalStateException("boom");
      } else if (path.equals("/stream")) {
        route(request, "/stream");
        response.getOutputStream().write(new byte[100]);
        response.flushBuffer();
        response.getOutputStream().write(new byte[100]);
      } else {
        answer(response, 404, 22);
      }
    }

    private static void route(HttpServletRequest request, String template) {
      request.setAttribute(HttpMetricsFilter.HANDLER_ATTRIBUTE, template);
    }

    private static void item(HttpServletRequest request, HttpServletResponse response, String item)
        throws IOException {
      if (!request.getMethod().equals("GET")) {
        answer(response, 405, 31);
      } else if (item.matches("[0-9]+")) {
        answer(response, 200, 13);
      } else {
        answer(response, 422, 147);
      }
    }

    /** Answers as many bytes as the Python application does. */
    private static void answer(HttpServletResponse response, int status, int length)
        throws IOException {
      response.setStatus(status);
      response.setContentLength(length);
      response.getOutputStream().write(new byte[length]);
    }
  }
}
