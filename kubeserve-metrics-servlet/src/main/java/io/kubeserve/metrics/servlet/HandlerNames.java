package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How the filter of one context names the handler of a request. */
final class HandlerNames {
  private static final System.Logger LOGGER = System.getLogger(HandlerResolver.class.getName());

  private final @Nullable HandlerResolver resolver;
  private final String attribute;
  private final String contextPath;
  private final String everyPath;
  private final AtomicBoolean logged = new AtomicBoolean();

  /** With the context's path in front; as many as the context has mappings of servlets. */
  private final ConcurrentHashMap<String, String> byPattern = new ConcurrentHashMap<>();

  HandlerNames(@Nullable HandlerResolver resolver, String attribute, String contextPath) {
    this.resolver = resolver;
    this.attribute = attribute;
    this.contextPath = contextPath;
    this.everyPath = contextPath + "/*";
  }

  /** Returns the mapping of the request's servlet; {@code null} for the default servlet. */
  @Nullable String mappingOf(HttpServletRequest request) {
    HttpServletMapping mapping = request.getHttpServletMapping();
    MappingMatch match = mapping.getMappingMatch();
    if (match == null || match == MappingMatch.DEFAULT) {
      return null;
    }
    String pattern = match == MappingMatch.CONTEXT_ROOT ? "/" : mapping.getPattern();
    if (contextPath.isEmpty()) {
      return pattern;
    }
    String known = byPattern.get(pattern);
    return known != null ? known : byPattern.computeIfAbsent(pattern, this::withinContext);
  }

  private String withinContext(String pattern) {
    // A pattern of a file's suffix begins with no slash.
    return pattern.startsWith("/") ? contextPath + pattern : contextPath + '/' + pattern;
  }

  /** Returns the handler of a request that was answered; {@code null} for none. */
  @Nullable String nameOf(ObservedRequest request, int status) {
    String route = request.route();
    if (route == null && !request.mayHaveErrorPage()) {
      route = routeOf(request);
    }
    if (route != null) {
      return route;
    }
    return everyPath.equals(request.mapping()) && isUnmatched(status) ? null : request.mapping();
  }

  /** A servlet that takes every path has routes of its own, and says so of a path without one. */
  private static boolean isUnmatched(int status) {
    return status == HttpServletResponse.SC_NOT_FOUND
        || status == HttpServletResponse.SC_METHOD_NOT_ALLOWED;
  }

  /** Returns the route that the request's router tells; {@code null} if it tells none. */
  @Nullable String routeOf(ObservedRequest observed) {
    try {
      HttpServletRequest request = observed.asItWasRouted();
      String resolved = resolver == null ? null : resolver.handlerOf(request);
      if (resolved != null) {
        return resolved;
      }
      Object template = request.getAttribute(attribute);
      return template == null ? null : template.toString();
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      if (logged.compareAndSet(false, true)) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "What tells the handler threw; handlers are those of the servlets' mappings until it stops.",
            e);
      }
      return null;
    }
  }
}
