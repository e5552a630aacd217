package io.kubeserve.metrics.spring;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.function.HandlerFunction;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;

/**
 * What Spring MVC maps by URL, in the context of each dispatcher. A default handler of such a
 * mapping takes any path, and Spring then gives the path of the request as its route. Loaded only
 * with Spring MVC.
 */
final class UrlMappings implements BiPredicate<HttpServletRequest, String> {
  private static final String ROOT = "/";

  /** As many as there are dispatchers. */
  private final ConcurrentHashMap<ApplicationContext, List<AbstractUrlHandlerMapping>> mappings =
      new ConcurrentHashMap<>();

  /** Says whether a default handler answered, so that the template is the path of the request. */
  @Override
  public boolean test(HttpServletRequest request, String template) {
    return isMappedByUrl(request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE))
        && !template.equals(ROOT)
        && request.getAttribute(DispatcherServlet.WEB_APPLICATION_CONTEXT_ATTRIBUTE)
            instanceof ApplicationContext context
        && mappings.computeIfAbsent(context, UrlMappings::of).stream()
            .noneMatch(mapping -> mapping.getHandlerMap().containsKey(template));
  }

  /** The others have templates that somebody wrote. */
  private static boolean isMappedByUrl(@Nullable Object handler) {
    return handler != null
        && !(handler instanceof HandlerMethod)
        && !(handler instanceof HandlerFunction);
  }

  private static List<AbstractUrlHandlerMapping> of(ApplicationContext context) {
    return List.copyOf(
        BeanFactoryUtils.beansOfTypeIncludingAncestors(
                context, AbstractUrlHandlerMapping.class, true, false)
            .values());
  }
}
