package io.kubeserve.metrics.http.internal;

/** The values of the label {@code handler} that are no route template. */
public final class HandlerName {
  /** No route matched the request: {@value}. */
  public static final String NONE = "none";

  /** One of the handlers past the limit: {@value}. */
  public static final String OTHER = "other";

  private HandlerName() {}
}
