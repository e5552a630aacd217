package io.kubeserve.metrics.spring;

import io.prometheus.metrics.exporter.common.PrometheusHttpRequest;
import java.util.Collections;
import java.util.Enumeration;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/** What client_java's scrape handler reads of a request to WebFlux. */
record WebFluxScrapeRequest(ServerRequest request) implements PrometheusHttpRequest {
  @Override
  public @Nullable String getQueryString() {
    return request.uri().getRawQuery();
  }

  @Override
  public Enumeration<String> getHeaders(String name) {
    return Collections.enumeration(request.headers().header(name));
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
