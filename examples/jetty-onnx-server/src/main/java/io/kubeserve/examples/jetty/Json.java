package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.json.JsonMapper;

/** How this server speaks JSON. */
final class Json {
  /** Reads NaN and Infinity as Python does, so that they can be refused by name. */
  static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private Json() {}

  static void write(HttpServletResponse response, int status, Object body) throws IOException {
    write(response, status, MAPPER.writeValueAsBytes(body));
  }

  static void write(HttpServletResponse response, int status, byte[] body) throws IOException {
    response.setStatus(status);
    response.setContentType("application/json");
    response.setContentLength(body.length);
    response.getOutputStream().write(body);
  }
}
