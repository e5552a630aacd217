package io.kubeserve.metrics.http.internal;

import io.prometheus.metrics.exporter.common.PrometheusHttpExchange;
import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import io.prometheus.metrics.exporter.common.PrometheusHttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** What client_java's scrape handler answers to a request, kept in memory. */
public final class ScrapeAnswer implements PrometheusHttpExchange, PrometheusHttpResponse {
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final int BAD_REQUEST = 400;
  private static final int INTERNAL_SERVER_ERROR = 500;

  private final PrometheusHttpRequest request;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private int status;

  /**
   * Makes an answer that is not known yet.
   *
   * @param request what the handler reads
   */
  public ScrapeAnswer(PrometheusHttpRequest request) {
    this.request = request;
  }

  /**
   * Returns the status, once there is an answer.
   *
   * @return the status
   */
  public int status() {
    return status;
  }

  /**
   * Returns the headers, without the length of the body.
   *
   * @return the headers by name
   */
  public Map<String, String> headers() {
    return headers;
  }

  /**
   * Returns the body, once there is an answer.
   *
   * @return a copy of the body
   */
  public byte[] body() {
    return body.toByteArray();
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
    if (!name.equalsIgnoreCase(CONTENT_LENGTH)) { // the length of the body is known better later
      headers.put(name, value);
    }
  }

  @Override
  public OutputStream sendHeadersAndGetBody(int statusCode, int contentLength) {
    // The handler says 500 of a wrong query parameter, and of nothing else.
    status = statusCode == INTERNAL_SERVER_ERROR ? BAD_REQUEST : statusCode;
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
}
