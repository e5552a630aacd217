package io.kubeserve.metrics.servlet;

import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

import io.kubeserve.metrics.http.HttpMetrics;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What a configured filter does with a request: lets it pass, and records it when it has ended. */
final class RequestRecorder {
  private final HttpMetrics metrics;
  private final HandlerNames handlers;
  private final BodySizes sizes;

  RequestRecorder(HttpMetrics metrics, HandlerNames handlers, BodySizes sizes) {
    this.metrics = metrics;
    this.handlers = handlers;
    this.sizes = sizes;
  }

  void pass(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    long start = metrics.start();
    // Now, since an asynchronous dispatch changes what the request says of its servlet.
    String mapping = handlers.mappingOf(request);
    HttpServletResponse sizedResponse = sizes.watch(response);
    HttpServletRequest sizedRequest = sizes.watch(request, sizedResponse);
    try {
      chain.doFilter(sizedRequest, sizedResponse);
    } catch (Throwable thrown) {
      int status = response.isCommitted() ? response.getStatus() : SC_INTERNAL_SERVER_ERROR;
      record(start, mapping, sizedRequest, sizedResponse, status);
      throw thrown;
    }
    if (!request.isAsyncStarted() || !recordLater(start, mapping, sizedRequest, sizedResponse)) {
      record(start, mapping, sizedRequest, sizedResponse, response.getStatus());
    }
  }

  private boolean recordLater(
      long start,
      @Nullable String mapping,
      HttpServletRequest request,
      HttpServletResponse response) {
    try {
      request
          .getAsyncContext()
          .addListener(
              new AsyncEnd(
                  () -> record(start, mapping, request, response, response.getStatus()),
                  () -> record(start, mapping, request, response, statusAfterError(response))));
      return true;
    } catch (IllegalStateException alreadyCompleted) {
      return false;
    }
  }

  private static int statusAfterError(HttpServletResponse response) {
    boolean answered = response.isCommitted() || response.getStatus() >= SC_BAD_REQUEST;
    return answered ? response.getStatus() : SC_INTERNAL_SERVER_ERROR;
  }

  private void record(
      long start,
      @Nullable String mapping,
      HttpServletRequest request,
      HttpServletResponse response,
      int status) {
    metrics.finish(
        start,
        request.getMethod(),
        handlers.nameOf(request, mapping),
        status,
        sizes.bytesOf(request),
        sizes.bytesOf(response));
  }
}
