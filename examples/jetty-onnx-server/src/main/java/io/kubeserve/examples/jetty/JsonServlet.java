package io.kubeserve.examples.jetty;

import io.kubeserve.metrics.servlet.HttpMetricsFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An endpoint whose every answer is JSON. */
abstract class JsonServlet extends HttpServlet {
  private static final long serialVersionUID = 1;
  private static final System.Logger LOGGER = System.getLogger(JsonServlet.class.getName());

  private final String method;

  JsonServlet(String method) {
    this.method = method;
  }

  /** Returns the method that a path takes. */
  String method(HttpServletRequest request) {
    return method;
  }

  /** Writes what is wrong. */
  void writeError(HttpServletResponse response, int status, String message) throws IOException {
    Json.write(response, status, Map.of("detail", message));
  }

  /** Answers a request of the right method. */
  abstract void answer(HttpServletRequest request, HttpServletResponse response) throws Exception;

  /** Says whether there is something at the path, within what the servlet is mapped to. */
  boolean isFound(HttpServletRequest request) {
    return true;
  }

  /** Returns the route template; {@code null} where it is what the servlet is mapped to. */
  @Nullable String template(HttpServletRequest request) {
    return null;
  }

  @Override
  protected final void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    boolean found = isFound(request);
    request.setAttribute(
        HttpMetricsFilter.HANDLER_ATTRIBUTE,
        found ? template(request) : HttpMetricsFilter.NO_HANDLER);
    if (!found) {
      writeError(response, HttpServletResponse.SC_NOT_FOUND, "Not Found");
    } else if (!request.getMethod().equals(method(request))) {
      response.setHeader("Allow", method(request));
      writeError(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Method Not Allowed");
    } else {
      answerOrFail(request, response);
    }
  }

  private void answerOrFail(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      answer(request, response);
    } catch (IOException clientIsGone) {
      throw clientIsGone;
    } catch (Exception e) {
      LOGGER.log(System.Logger.Level.ERROR, "The request failed", e);
      writeError(response, HttpServletResponse.SC_INTERNAL_SERVER_ERROR, "Internal Server Error");
    }
  }
}
