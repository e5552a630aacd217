package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's documents are those that {@link SummaryServletTest} and {@link WebXmlTest} have. */
class GuideTest {
  private static final Path GUIDE = ProjectFiles.of("docs/servlet.md");
  private static final Path WEB_XML = Path.of("src/test/resources/webapp/WEB-INF/web.xml");

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
}
