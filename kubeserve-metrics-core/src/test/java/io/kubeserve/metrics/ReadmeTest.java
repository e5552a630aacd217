package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The README's code is code that {@link SnippetsTest} compiles and runs. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SNIPPETS =
      Path.of("src/test/java/io/kubeserve/metrics/SnippetsTest.java");

  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      Pattern.compile("// @start region=\"[^\"]+\"\n(.*?)\n *// @end", Pattern.DOTALL);

  @Test
  void readme_everyBlockOfCode_isASnippetThatIsRun() throws IOException {
    List<String> blocks = all(BLOCK, Files.readString(README));

    assertThat(all(REGION, Files.readString(SNIPPETS))).containsAll(blocks);
    assertThat(blocks)
        .hasSizeGreaterThan(5)
        .first()
        .asString()
        .contains("PredictionMetrics.builder()");
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(match -> match.group(1).stripIndent().strip())
        .toList();
  }
}
