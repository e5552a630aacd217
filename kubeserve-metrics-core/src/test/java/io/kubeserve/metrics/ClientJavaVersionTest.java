package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The build runs these tests twice; each run must be on the client_java that it says. */
class ClientJavaVersionTest {
  @Test
  void classPath_hasTheClientJavaOfThisRun() {
    String version = System.getProperty("client_java.version");

    assertThat(version).isNotBlank();
    assertThat(
            Stream.of(PrometheusRegistry.class, Counter.class, PrometheusTextFormatWriter.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation().getPath()))
        .allMatch(jar -> jar.endsWith("-" + version + ".jar"));
  }
}
