package io.kubeserve.metrics.spring;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.util.ReflectionUtils;

/**
 * What a native image must keep for the scrape and for the live page. The jars of both say the same
 * in {@code META-INF/native-image}, for those who build one without Spring.
 */
final class KubeserveRuntimeHints implements RuntimeHintsRegistrar {
  /** Which the scrape reads where a collector throws. */
  private static final List<String> REGISTRY_FIELDS = List.of("collectors", "multiCollectors");

  @Override
  public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
    for (String name : REGISTRY_FIELDS) {
      var field = ReflectionUtils.findField(PrometheusRegistry.class, name);
      if (field != null) {
        hints.reflection().registerField(field);
      }
    }
    hints
        .resources()
        .registerPattern("io/kubeserve/metrics/live/*")
        .registerPattern("META-INF/maven/org.webjars.npm/uplot/pom.properties")
        .registerPattern("META-INF/resources/webjars/uplot/**");
  }
}
