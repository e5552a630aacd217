package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/** Sizes as the application reads and writes them. */
final class CountedSizes implements BodySizes {
  @Override
  public HttpServletResponse watch(HttpServletResponse response) {
    return new CountingResponse(response);
  }

  @Override
  public HttpServletRequest watch(HttpServletRequest request, HttpServletResponse watched) {
    return new CountingRequest(request, watched);
  }

  @Override
  public long bytesOf(HttpServletRequest request) {
    long read = request instanceof CountingRequest counting ? counting.bytes() : 0;
    return read > 0 ? read : request.getContentLengthLong();
  }

  @Override
  public long bytesOf(HttpServletResponse response) {
    return response instanceof CountingResponse counting ? counting.bytes() : 0;
  }
}
