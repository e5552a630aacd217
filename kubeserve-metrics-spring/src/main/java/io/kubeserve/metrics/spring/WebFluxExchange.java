package io.kubeserve.metrics.spring;

import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What client_java's scrape handler talks to: it reads the request, and answers into memory. */
final class WebFluxExchange implements PrometheusHttpExchange, PrometheusHttpResponse {
  private final ServerRequest request;
  private final HttpHeaders headers = new HttpHeaders();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  WebFluxExchange(ServerRequest request) {
    this.request = request;
  }

  int status() {
    return status;
  }

  HttpHeaders headers() {
    return headers;
  }

  /** Returns what was answered, once it was. */
  byte[] body() {
    return body.toByteArray();
  }

  @Override
  public PrometheusHttpRequest getRequest() {
    return new ScrapeRequest(request);
  }

  @Override
  public PrometheusHttpResponse getResponse() {
    return this;
  }

  @Override
  public void setHeader(String name, String value) {
    if (!name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)) { // the length is known better here
      headers.set(name, value);
    }
  }

  @Override
  public OutputStream sendHeadersAndGetBody(int statusCode, int contentLength) {
    // The handler says 500 of a wrong query parameter, and of nothing else.
    status =
        statusCode == HttpStatus.INTERNAL_SERVER_ERROR.value()
            ? HttpStatus.BAD_REQUEST.value()
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

  private record ScrapeRequest(ServerRequest request) implements PrometheusHttpRequest {
    @Override
    public @Nullable String getQueryString() {
      return request.uri().getRawQuery();
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
      List<String> values = request.headers().header(name);
      return Collections.enumeration(values);
    }

    @Override
    public String getMethod() {
      return "GET"; // also of a HEAD, whose headers are those of a GET
    }

    @Override
    public String getRequestPath() {
      return request.path();
    }
  }
}
