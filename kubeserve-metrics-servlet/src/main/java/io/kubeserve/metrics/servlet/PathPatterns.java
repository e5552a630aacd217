package io.kubeserve.metrics.servlet;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Paths of a context: exact ones, and prefixes as in a servlet's mapping. */
final class PathPatterns {
  private static final String WILDCARD = "/*";
  private static final Pattern PATTERN = Pattern.compile("/[^*]*(/\\*)?|/\\*");

  /** No path. */
  static final PathPatterns NONE = new PathPatterns(List.of());

  private final Set<String> paths;
  private final List<String> prefixes;

  PathPatterns(List<String> patterns) {
    patterns.forEach(PathPatterns::check);
    this.paths =
        patterns.stream()
            .filter(pattern -> !pattern.endsWith(WILDCARD))
            .collect(Collectors.toUnmodifiableSet());
    this.prefixes =
        patterns.stream()
            .filter(pattern -> pattern.endsWith(WILDCARD))
            .map(pattern -> pattern.substring(0, pattern.length() - WILDCARD.length()))
            .toList();
  }

  private static void check(String pattern) {
    if (!PATTERN.matcher(pattern).matches()) {
      throw new IllegalArgumentException(
          "\"%s\" is no path pattern: write a path such as /metrics, or a prefix such as /actuator/*."
              .formatted(pattern));
    }
  }

  boolean match(HttpServletRequest request) {
    if (paths.isEmpty() && prefixes.isEmpty()) {
      return false;
    }
    String rest = request.getPathInfo();
    String path = rest == null ? request.getServletPath() : request.getServletPath() + rest;
    return paths.contains(path) || prefixes.stream().anyMatch(prefix -> isWithin(path, prefix));
  }

  private static boolean isWithin(String path, String prefix) {
    return path.startsWith(prefix)
        && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
  }
}
