package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * How an application tells the route template that a request was answered by, where the mapping of
 * its servlet does not say it. An implementation must be safe for use by many threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface HandlerResolver {
  /**
   * Finds the template. Asked when the request was answered, or when its servlet has returned and
   * left it to other threads, and then again at its end if it found none; while it throws, handlers
   * are those of the servlets' mappings, and the log says so once.
   *
   * @param request the request, with whatever its router left in its attributes, before a forward,
   *     an include or an error page
   * @return the template, never the path; {@code "none"} where no route matched; {@code null} to go
   *     by the attribute and the servlet's mapping
   */
  @Nullable String handlerOf(HttpServletRequest request);
}
