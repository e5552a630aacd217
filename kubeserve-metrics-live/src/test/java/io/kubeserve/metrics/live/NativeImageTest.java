package io.kubeserve.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the jar says to the builder of a native image. */
class NativeImageTest {
  private static final String CONFIGURATION =
      "/META-INF/native-image/io.kubeserve/kubeserve-metrics-live/resource-config.json";

  @Test
  void resources_areAllThatThePageReads() throws IOException {
    List<String> patterns = patterns();

    assertThat(LiveAssets.resources())
        .hasSizeGreaterThan(8)
        .allSatisfy(
            resource ->
                assertThat(patterns)
                    .as(resource)
                    .anyMatch(pattern -> resource.substring(1).matches(pattern)));
  }

  private static List<String> patterns() throws IOException {
    List<String> patterns = new ArrayList<>();
    try (InputStream in = NativeImageTest.class.getResourceAsStream(CONFIGURATION);
        JsonParser json = new JsonFactory().createParser(in)) {
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
          patterns.add(json.getText());
        }
      }
    }
    return patterns;
  }
}
