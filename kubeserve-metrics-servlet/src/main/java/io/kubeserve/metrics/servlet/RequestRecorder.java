package io.kubeserve.metrics.servlet;

import static jakarta.servlet.http.HttpServletResponse.SC_BAD_REQUEST;
import static jakarta.servlet.http.HttpServletResponse.SC_INTERNAL_SERVER_ERROR;

import io.kubeserve.metrics.http.HttpMetrics;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

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
    ObservedRequest observed = new ObservedRequest(request, response, handlers.mappingOf(request));
    HttpServletResponse sizedResponse = sizes.watch(response);
    HttpServletRequest sizedRequest = sizes.watch(observed, sizedResponse);
    long start = metrics.start();
    try {
      chain.doFilter(sizedRequest, sizedResponse);
    } catch (Throwable thrown) {
      int status = response.isCommitted() ? response.getStatus() : SC_INTERNAL_SERVER_ERROR;
      record(start, observed, sizedRequest, sizedResponse, status);
      throw thrown;
    }
    if (!request.isAsyncStarted() || !recordLater(start, observed, sizedRequest, sizedResponse)) {
      record(start, observed, sizedRequest, sizedResponse, response.getStatus());
    }
  }

  private boolean recordLater(
      long start,
      ObservedRequest observed,
      HttpServletRequest request,
      HttpServletResponse response) {
    // Now, since an error page leaves its own route in the same request.
    observed.handOn(handlers.routeOf(observed));
    AsyncEnd end =
        new AsyncEnd(
            () -> record(start, observed, request, response, response.getStatus()),
            () -> record(start, observed, request, response, statusAfterError(response)));
    try {
      request.getAsyncContext().addListener(end);
    } catch (IllegalStateException alreadyCompleted) {
      return false;
    }
    // Tomcat may never tell that a request has ended whose body another thread could not read.
    observed.onBrokenBody(end::now);
    return true;
  }

  private static int statusAfterError(HttpServletResponse response) {
    boolean answered = response.isCommitted() || response.getStatus() >= SC_BAD_REQUEST;
    return answered ? response.getStatus() : SC_INTERNAL_SERVER_ERROR;
  }

  private void record(
      long start,
      ObservedRequest observed,
      HttpServletRequest request,
      HttpServletResponse response,
      int answered) {
    int status = observed.isBodyBroken() && !isClientError(answered) ? SC_BAD_REQUEST : answered;
    metrics.finish(
        start,
        observed.ownMethod(),
        handlers.nameOf(observed, status),
        status,
        sizes.bytesOf(request),
        sizes.bytesOf(response));
  }

  private static boolean isClientError(int status) {
    return status >= SC_BAD_REQUEST && status < SC_INTERNAL_SERVER_ERROR;
  }
}
