package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;

/** A {@code GET} endpoint that tells something about the server. */
final class InfoServlet extends JsonServlet {
  private static final long serialVersionUID = 1;

  /** An answer: its status and what becomes its JSON. */
  record Info(int status, Object body) {}

  private final transient Supplier<Info> info;

  InfoServlet(Supplier<Info> info) {
    super("GET");
    this.info = info;
  }

  @Override
  void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Info answer = info.get();
    Json.write(response, answer.status(), answer.body());
  }
}
