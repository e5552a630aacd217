package io.kubeserve.metrics.http.internal;

import org.jspecify.annotations.Nullable;

/**
 * The method of a request: the values of the label {@code method}, a closed set. The standard ones
 * are those of RFC 9110 and RFC 5789; what a client makes up is {@link #OTHER}, as OpenTelemetry's
 * conventions have it.
 */
public enum HttpMethod {
  /** Read. */
  GET("GET"),
  /** Read the headers. */
  HEAD("HEAD"),
  /** Process the body. */
  POST("POST"),
  /** Replace. */
  PUT("PUT"),
  /** Remove. */
  DELETE("DELETE"),
  /** Open a tunnel. */
  CONNECT("CONNECT"),
  /** Ask what can be done. */
  OPTIONS("OPTIONS"),
  /** Send the request back. */
  TRACE("TRACE"),
  /** Change in part. */
  PATCH("PATCH"),
  /** Any other. */
  OTHER("_OTHER");

  private final String labelValue;

  HttpMethod(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Finds a method by its name.
   *
   * @param name as it stands in the request; upper and lower case differ
   * @return {@link #OTHER} for what is no standard method
   */
  public static HttpMethod of(@Nullable String name) {
    if (name == null) {
      return OTHER;
    }
    return switch (name) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      case "PUT" -> PUT;
      case "DELETE" -> DELETE;
      case "CONNECT" -> CONNECT;
      case "OPTIONS" -> OPTIONS;
      case "TRACE" -> TRACE;
      case "PATCH" -> PATCH;
      default -> OTHER;
    };
  }

  /**
   * Returns the value of the label {@code method}.
   *
   * @return the name of a standard method, or {@code _OTHER}
   */
  public String labelValue() {
    return labelValue;
  }
}
