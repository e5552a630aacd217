package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/spring.md has the properties of the metadata. */
class PropertiesFileTest {
  private static final Path GUIDE = ProjectFiles.of("docs/spring.md");
  private static final Pattern PROPERTIES =
      Pattern.compile("(\\|---\\|---\\|---\\|\n)(<!-- properties -->\n|(?:\\|.*\n)*)");

  @Test
  void properties_areThoseOfTheMetadata() throws IOException {
    String guide = Files.readString(GUIDE);
    GeneratedFile.check(
        GUIDE, PROPERTIES.matcher(guide).replaceFirst("$1" + Matcher.quoteReplacement(table())));
  }

  private static String table() throws IOException {
    return StreamSupport.stream(metadata().path("properties").spliterator(), false)
        .map(PropertiesFileTest::row)
        .collect(Collectors.joining());
  }

  private static String row(JsonNode property) {
    assertThat(property.path("description").asString()).isNotBlank();
    return "| `%s` | %s | %s |\n"
        .formatted(
            property.path("name").asString(),
            property.has("defaultValue")
                ? '`' + property.path("defaultValue").asString() + '`'
                : "",
            property.path("description").asString());
  }

  /** Boot's own jars have such a file too. */
  private static JsonNode metadata() throws IOException {
    for (URL file :
        Collections.list(
            PropertiesFileTest.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream in = file.openStream()) {
        String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        if (text.contains(KubeserveMetricsProperties.PREFIX)) {
          return new JsonMapper().readTree(text);
        }
      }
    }
    throw new AssertionError("the jar has no metadata of its properties");
  }
}
