package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's code is code that {@link SnippetsTest} and {@link WebXmlTest} run. */
class GuideTest {
  private static final Path GUIDE = Path.of("../docs/servlet.md");
  private static final Path SNIPPETS =
      Path.of("src/test/java/io/kubeserve/metrics/servlet/SnippetsTest.java");
  private static final Path WEB_XML = Path.of("src/test/resources/webapp/WEB-INF/web.xml");

  @Test
  void guide_java_isWhatSnippetsTestRuns() throws IOException {
    String snippets = Files.readString(SNIPPETS);

    assertThat(blocks("java"))
        .containsExactly(
            region(snippets, "jetty"),
            region(snippets, "programmatic"),
            region(snippets, "jaxrs"),
            region(snippets, "streamedOutput"),
            region(snippets, "summary"),
            region(snippets, "live"));
  }

  @Test
  void guide_json_isWhatSummaryServletTestGets() throws IOException {
    assertThat(blocks("json")).containsExactly(SummaryServletTest.DOCUMENT);
  }

  @Test
  void guide_webXml_isWhatWebXmlTestRuns() throws IOException {
    assertThat(blocks("xml")).contains(Files.readString(WEB_XML));
  }

  private static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(GUIDE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private static String region(String snippets, String name) {
    String start = "// @start region=\"" + name + "\"\n";
    int from = snippets.indexOf(start) + start.length();
    String code = snippets.substring(from, snippets.indexOf("// @end", from));
    return code.stripIndent().strip() + '\n';
  }
}
