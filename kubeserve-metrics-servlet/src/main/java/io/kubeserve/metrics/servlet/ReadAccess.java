package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Who may read an endpoint, and how: by {@code GET} and {@code HEAD}, with the token if any. */
final class ReadAccess {
  private final @Nullable BearerToken token;
  private final boolean browsers;

  ReadAccess(@Nullable BearerToken token) {
    this(token, false);
  }

  private ReadAccess(@Nullable BearerToken token, boolean browsers) {
    this.token = token;
    this.browsers = browsers;
  }

  /** Lets browsers in too, which ask their user for a name and a password: the token is that. */
  static ReadAccess forBrowsers(@Nullable BearerToken token) {
    return new ReadAccess(token, true);
  }

  /** Says whether a request may go on; one that may not has been answered. */
  boolean isGranted(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.setHeader("Cache-Control", "no-store");
    response.setHeader("X-Content-Type-Options", "nosniff");
    if (!isAuthorized(request.getHeader("Authorization"))) {
      response.setHeader(
          "WWW-Authenticate", (browsers ? "Basic" : "Bearer") + " realm=\"metrics\"");
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

  private boolean isAuthorized(@Nullable String authorization) {
    return token == null
        || token.isIn(authorization)
        || (browsers && token.isPasswordIn(authorization));
  }

  static void refuse(HttpServletResponse response, int status, String sentence) throws IOException {
    byte[] body = (sentence + '\n').getBytes(StandardCharsets.UTF_8);
    response.setStatus(status);
    response.setContentType("text/plain; charset=utf-8");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
