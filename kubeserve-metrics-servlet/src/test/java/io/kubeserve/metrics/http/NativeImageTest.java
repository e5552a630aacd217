package io.kubeserve.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the jar says to the builder of a native image. */
class NativeImageTest {
  private static final String CONFIGURATION =
      "/META-INF/native-image/io.kubeserve/kubeserve-metrics-servlet/reflect-config.json";
  private static final Pattern NAME = Pattern.compile("\"name\": \"([\\w.]+)\"");

  @Test
  void fields_areThoseThatAScrapeReadsWhereACollectorThrows() throws Exception {
    List<String> names = names();
    Class<?> registry = Class.forName(names.get(0));

    assertThat(names.subList(1, names.size()))
        .containsExactlyInAnyOrder("collectors", "multiCollectors")
        .allSatisfy(name -> assertThat(registry.getDeclaredField(name)).isNotNull());
  }

  private static List<String> names() throws IOException {
    try (InputStream in = NativeImageTest.class.getResourceAsStream(CONFIGURATION)) {
      assertThat(in).isNotNull();
      return NAME.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .results()
          .map(name -> name.group(1))
          .toList();
    }
  }
}
