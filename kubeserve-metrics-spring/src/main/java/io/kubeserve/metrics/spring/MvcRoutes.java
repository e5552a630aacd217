package io.kubeserve.metrics.spring;

import io.kubeserve.metrics.http.internal.HandlerName;
import io.kubeserve.metrics.servlet.HandlerResolver;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The route templates of Spring MVC. Nothing in them is the client's: paths in front are those that
 * the server was configured with, since a proxy's headers change what a request says of its own.
 */
final class MvcRoutes implements HandlerResolver {
  /** HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, by value: Spring MVC may be absent. */
  private static final String ROUTE =
      "org.springframework.web.servlet.HandlerMapping.bestMatchingPattern";

  /** DispatcherServlet.WEB_APPLICATION_CONTEXT_ATTRIBUTE, which every dispatcher sets. */
  private static final String DISPATCHED =
      "org.springframework.web.servlet.DispatcherServlet.CONTEXT";

  /** DispatcherServletAutoConfiguration.DEFAULT_DISPATCHER_SERVLET_BEAN_NAME; its class moved. */
  private static final String DISPATCHER = "dispatcherServlet";

  /** Of the handler of static resources, which takes whatever no controller takes. */
  private static final String EVERY_PATH = "/**";

  private final BiPredicate<HttpServletRequest, String> isPath;

  /**
   * Makes the resolver.
   *
   * @param isPath says of what Spring MVC calls the route whether it is the request's path
   */
  MvcRoutes(BiPredicate<HttpServletRequest, String> isPath) {
    this.isPath = isPath;
  }

  @Override
  public @Nullable String handlerOf(HttpServletRequest request) {
    HttpServletMapping mapping = request.getHttpServletMapping();
    Object route = request.getAttribute(ROUTE);
    if (route == null) {
      return isDispatchers(request, mapping) ? HandlerName.NONE : null;
    }
    String template = route.toString();
    return template.equals(EVERY_PATH) || isPath.test(request, template)
        ? HandlerName.NONE
        : request.getServletContext().getContextPath() + dispatchersPath(mapping) + template;
  }

  private static boolean isDispatchers(HttpServletRequest request, HttpServletMapping mapping) {
    return DISPATCHER.equals(mapping.getServletName()) || request.getAttribute(DISPATCHED) != null;
  }

  /** A template is within the path of the dispatcher, and that within the context's. */
  private static String dispatchersPath(HttpServletMapping mapping) {
    String pattern = mapping.getPattern();
    return mapping.getMappingMatch() == MappingMatch.PATH && pattern.endsWith("/*")
        ? pattern.substring(0, pattern.length() - 2)
        : "";
  }
}
