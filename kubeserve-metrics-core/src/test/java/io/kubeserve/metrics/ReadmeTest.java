package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's code is code that {@link SnippetsTest} compiles and runs. */
class ReadmeTest {
  private static final Path README = Path.of("../README.md");
  private static final Path SNIPPETS =
      Path.of("src/test/java/io/kubeserve/metrics/SnippetsTest.java");

  @Test
  void readme_code_isTheQuickstartThatIsRun() throws IOException {
    String readme = between(Files.readString(README), "```java\n", "```");
    String snippet =
        between(Files.readString(SNIPPETS), "// @start region=\"quickstart\"\n", "    // @end");

    assertThat(readme).isEqualTo(snippet.indent(-4));
  }

  private static String between(String text, String start, String end) {
    int from = text.indexOf(start) + start.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
