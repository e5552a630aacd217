package io.kubeserve.metrics.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/** Where Actuator answers on the port of the application, by what Boot made of its properties. */
final class ActuatorPaths {
  private static final boolean PRESENT =
      ClassUtils.isPresent(
          "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties",
          ActuatorPaths.class.getClassLoader());

  /** As Boot names it. */
  private static final String DISPATCHER = "dispatcherServlet";

  private static final String HEALTH = "management.endpoint.health.";

  /** What the path of a group of health begins with that is to be on the application's port. */
  private static final String ON_SERVER = "server:";

  private ActuatorPaths() {}

  /**
   * A group of health, as far as it is of interest here.
   *
   * @param additionalPath where it is beside Actuator's own path
   */
  record HealthGroup(@Nullable String additionalPath) {}

  /** Finds the paths, in the patterns of the servlet module. */
  static List<String> patterns(ListableBeanFactory beans, Environment environment) {
    if (!PRESENT) {
      return List.of();
    }
    List<String> paths = new ArrayList<>(healthPaths(environment));
    WebEndpointProperties properties =
        beans.getBeanProvider(WebEndpointProperties.class).getIfAvailable();
    if (properties != null && isOnServersPort(environment)) {
      if (properties.getBasePath().isEmpty()) {
        paths.addAll(endpoints(beans));
      } else {
        paths.add(properties.getBasePath());
      }
    }
    String dispatcher = dispatchersPath(beans, environment);
    return paths.stream()
        .map(path -> dispatcher + ('/' + path).replaceAll("/+", "/"))
        .map(path -> path.equals("/") ? path : path + "/*")
        .toList();
  }

  private static boolean isOnServersPort(Environment environment) {
    return ManagementPortType.get(environment) == ManagementPortType.SAME;
  }

  /** Each by itself: what else is below the root is the application's. */
  private static List<String> endpoints(ListableBeanFactory beans) {
    PathMappedEndpoints endpoints =
        beans.getBeanProvider(PathMappedEndpoints.class).getIfAvailable();
    return endpoints == null ? List.of() : List.copyOf(endpoints.getAllPaths());
  }

  private static List<String> healthPaths(Environment environment) {
    Map<String, HealthGroup> groups =
        Binder.get(environment)
            .bind(HEALTH + "group", Bindable.mapOf(String.class, HealthGroup.class))
            .orElse(Map.of());
    boolean probes =
        environment.getProperty(HEALTH + "probes.add-additional-paths", Boolean.class, false);
    return Stream.concat(
            groups.values().stream()
                .map(HealthGroup::additionalPath)
                .filter(path -> path != null && path.startsWith(ON_SERVER))
                .map(path -> String.valueOf(path).substring(ON_SERVER.length())),
            probes ? Stream.of("/livez", "/readyz") : Stream.empty())
        .toList();
  }

  /**
   * Finds the path of Actuator's scrape.
   *
   * @return {@code null} if it is on a port of its own
   */
  static @Nullable String scrape(ListableBeanFactory beans, Environment environment) {
    if (!isOnServersPort(environment)) {
      return null;
    }
    WebEndpointProperties properties = beans.getBean(WebEndpointProperties.class);
    String mapped = properties.getPathMapping().getOrDefault("prometheus", "prometheus");
    return dispatchersPath(beans, environment)
        + (properties.getBasePath() + '/' + mapped).replaceAll("/+", "/");
  }

  /**
   * Returns what Spring MVC has in front of all its paths, if anything. Boot's WebMvcProperties,
   * whose package differs between Boot 3 and 4, clean it so. WebFlux and Jersey have no such path.
   */
  private static String dispatchersPath(ListableBeanFactory beans, Environment environment) {
    if (!beans.containsBean(DISPATCHER)) {
      return "";
    }
    String path = environment.getProperty("spring.mvc.servlet.path", "/");
    int star = path.indexOf('*');
    String begun = star < 0 ? path : path.substring(0, star);
    return begun.endsWith("/") ? begun.substring(0, begun.length() - 1) : begun;
  }
}
