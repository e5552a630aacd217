package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Answers whatever no other servlet is mapped to. */
final class NotFoundServlet extends JsonServlet {
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
