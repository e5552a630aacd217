package io.kubeserve.metrics.servlet;

import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What client_java's scrape handler talks to: it reads the request, and answers into memory. */
final class ScrapeExchange implements PrometheusHttpExchange, PrometheusHttpResponse {
  private static final String CONTENT_LENGTH = "Content-Length";

  private final ScrapeRequest request;
  private final Map<String, String> headers = new HashMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  ScrapeExchange(HttpServletRequest request) {
    this.request = new ScrapeRequest(request);
  }

  /** Returns what was answered, once it was. */
  byte[] body() {
    return body.toByteArray();
  }

  void writeHead(HttpServletResponse response) {
    response.setStatus(status);
    headers.forEach(response::setHeader);
    response.setContentLength(body.size());
  }

  @Override
  public PrometheusHttpRequest getRequest() {
    return request;
  }

  @Override
  public PrometheusHttpResponse getResponse() {
    return this;
  }

  @Override
  public void setHeader(String name, String value) {
    if (!name.equalsIgnoreCase(CONTENT_LENGTH)) { // the length of the body is known better here
      headers.put(name, value);
    }
  }

  @Override
  public OutputStream sendHeadersAndGetBody(int statusCode, int contentLength) {
    // The handler says 500 of a wrong query parameter, and of nothing else.
    status =
        statusCode == HttpServletResponse.SC_INTERNAL_SERVER_ERROR
            ? HttpServletResponse.SC_BAD_REQUEST
            : statusCode;
    return body;
  }

  @Override
  public void handleException(IOException e) throws IOException {
    throw e;
  }

  @Override
  public void handleException(RuntimeException e) {
    throw e;
  }

  @Override
  public void close() {}

  private record ScrapeRequest(HttpServletRequest request) implements PrometheusHttpRequest {
    @Override
    public @Nullable String getQueryString() {
      return request.getQueryString();
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      return request.getHeaders(name);
    }

    @Override
    public String getMethod() {
      return "GET"; // also of a HEAD, whose headers are those of a GET
    }

    @Override
    public String getRequestPath() {
      return request.getRequestURI();
    }
  }
}
