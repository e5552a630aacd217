package io.kubeserve.metrics.servlet;

import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;

/** What client_java's scrape handler reads of a request to a servlet. */
record ScrapeRequest(HttpServletRequest request) implements PrometheusHttpRequest {
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
