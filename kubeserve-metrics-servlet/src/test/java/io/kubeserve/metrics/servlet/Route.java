package io.kubeserve.metrics.servlet;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** A servlet that is a lambda. */
final class Route extends HttpServlet {
  private static final long serialVersionUID = 1;

  /** What it does with a request. */
  interface Body {
    void answer(HttpServletRequest request, HttpServletResponse response)
        throws IOException, ServletException;
  }

  private final transient Body body;

  Route(Body body) {
    this.body = body;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    body.answer(request, response);
  }
}
