package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.contract.HandlerName;
import io.kubeserve.metrics.servlet.HandlerResolver;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import org.jspecify.annotations.Nullable;

/** The route templates of Spring MVC. */
final class MvcRoutes implements HandlerResolver {
  /** HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, by value: Spring MVC may be absent. */
  private static final String ROUTE =
      "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

  /** Of the handler of static resources, which takes whatever no controller takes. */
  private static final String EVERY_PATH = "/**";

  @Override
  public @Nullable String handlerOf(HttpServletRequest request) {
    Object route = request.getAttribute(ROUTE);
    if (route == null) {
      return null;
    }
    String template = route.toString();
    return template.equals(EVERY_PATH) ? HandlerName.NONE : prefix(request) + template;
  }

  /** A template is within the path of the dispatcher, and that within the context's. */
  private static String prefix(HttpServletRequest request) {
    boolean dispatcherHasPath =
        request.getHttpServletMapping().getMappingMatch() == MappingMatch.PATH;
    return dispatcherHasPath
        ? request.getContextPath() + request.getServletPath()
        : request.getContextPath();
  }
}
