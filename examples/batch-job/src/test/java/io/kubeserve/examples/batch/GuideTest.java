package io.kubeserve.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guide's code is code of {@link BatchJob}. */
class GuideTest {
  private static final Path SOURCE =
      Path.of("src/main/java/io/kubeserve/examples/batch/BatchJob.java");

  @Test
  void guide_java_isWhatTheJobRuns() throws IOException {
    String start = "// @start region=\"batch\"\n";
    String source = Files.readString(SOURCE);
    int from = source.indexOf(start) + start.length();
    String region = source.substring(from, source.indexOf("    // @end", from));

    assertThat(Guide.blocks("java")).containsExactly(region.indent(-4));
  }
}
