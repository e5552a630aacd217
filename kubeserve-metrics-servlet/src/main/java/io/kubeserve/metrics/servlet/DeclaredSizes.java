package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Sizes as the headers {@code Content-Length} have them, which is the contract.
 *
 * <p>Older versions of Tomcat keep that header of a response to themselves until the response is
 * committed; so responses are wrapped until the first one shows that the container is not like
 * that.
 */
final class DeclaredSizes implements BodySizes {
  /** What a long holds for certain. */
  private static final int MAX_DIGITS = 18;

  private volatile boolean headerIsShown;

  @Override
  public HttpServletResponse watch(HttpServletResponse response) {
    return headerIsShown ? response : new LengthWatchingResponse(response);
  }

  @Override
  public HttpServletRequest watch(HttpServletRequest request, HttpServletResponse watched) {
    return request;
  }

  @Override
  public long bytesOf(HttpServletRequest request) {
    return request.getContentLengthLong();
  }

  @Override
  public long bytesOf(HttpServletResponse response) {
    String header = response.getHeader(LengthWatchingResponse.CONTENT_LENGTH);
    if (!(response instanceof LengthWatchingResponse watched) || watched.declared() < 0) {
      return parse(header);
    }
    if (header != null && !response.isCommitted()) {
      headerIsShown = true;
    }
    return watched.declared();
  }

  /** Reads a length without throwing, whatever stands there; 0 for what is none. */
  static long parse(@Nullable String length) {
    if (length == null || length.isEmpty() || length.length() > MAX_DIGITS) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < length.length(); i++) {
      int digit = length.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return 0;
      }
      value = value * 10 + digit;
    }
    return value;
  }
}
