package io.kubeserve.examples.jetty;

import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** The answers that Jetty itself gives, in the JSON that every other answer has. */
final class JsonErrorHandler extends ErrorHandler {
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback callback) {
    // Jetty's own sentence may carry what the client sent, and an exception tells of the inside.
    String field = Request.getPathInContext(request).startsWith("/v2") ? "error" : "detail";
    byte[] body = Json.MAPPER.writeValueAsBytes(Map.of(field, HttpStatus.getMessage(code)));
    addHeaders(response.getHeaders(), code);
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  private static void addHeaders(HttpFields.Mutable headers, int status) {
    headers.put(HttpHeader.CONTENT_TYPE, "application/json");
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503) {
      headers.put(HttpHeader.RETRY_AFTER, PredictionServlet.RETRY_AFTER_SECONDS);
    }
  }
}
