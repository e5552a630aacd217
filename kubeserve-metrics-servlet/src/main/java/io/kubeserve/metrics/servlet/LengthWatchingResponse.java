package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;

/** A response that remembers the {@code Content-Length} it was given. */
final class LengthWatchingResponse extends HttpServletResponseWrapper {
  static final String CONTENT_LENGTH = "Content-Length";
  private static final long UNKNOWN = -1;

  private long declared = UNKNOWN;

  LengthWatchingResponse(HttpServletResponse response) {
    super(response);
  }

  /** Returns the length, negative if there was none. */
  long declared() {
    return declared;
  }

  @Override
  public void setContentLength(int length) {
    declared = length;
    super.setContentLength(length);
  }

  @Override
  public void setContentLengthLong(long length) {
    declared = length;
    super.setContentLengthLong(length);
  }

  @Override
  public void setHeader(String name, String value) {
    remember(name, value);
    super.setHeader(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    remember(name, value);
    super.addHeader(name, value);
  }

  @Override
  public void setIntHeader(String name, int value) {
    remember(name, Integer.toString(value));
    super.setIntHeader(name, value);
  }

  @Override
  public void addIntHeader(String name, int value) {
    remember(name, Integer.toString(value));
    super.addIntHeader(name, value);
  }

  @Override
  public void reset() {
    super.reset();
    declared = UNKNOWN;
  }

  private void remember(String name, String value) {
    if (CONTENT_LENGTH.equalsIgnoreCase(name)) {
      declared = value == null ? UNKNOWN : DeclaredSizes.parse(value);
    }
  }
}
