package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who may read an endpoint, and how: by {@code GET} and {@code HEAD}, with the token if any. */
final class ReadAccess {
  private final @Nullable BearerToken token;

  ReadAccess(@Nullable BearerToken token) {
    this.token = token;
  }

  /** Says whether a request may go on; one that may not has been answered. */
  boolean isGranted(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (token != null && !token.isIn(request.getHeader("Authorization"))) {
      response.setHeader("WWW-Authenticate", "Bearer realm=\"metrics\"");
      refuse(
          response, HttpServletResponse.SC_UNAUTHORIZED, "The bearer token is missing or wrong.");
      return false;
    }
    if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
      response.setHeader("Allow", "GET, HEAD");
      refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, "Use GET or HEAD.");
      return false;
    }
    return true;
  }

  static void refuse(HttpServletResponse response, int status, String sentence) throws IOException {
    byte[] body = (sentence + '\n').getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/plain; charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
