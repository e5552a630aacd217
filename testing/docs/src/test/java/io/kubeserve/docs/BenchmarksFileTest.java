package io.kubeserve.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.GeneratedFile;
import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** README has the first table of the benchmarks. */
class BenchmarksFileTest {
  private static final Path README = ProjectFiles.of("README.md");
  private static final Path BENCHMARKS = ProjectFiles.of("benchmarks/README.md");
  private static final Pattern TABLE = Pattern.compile("(?m)^\\| one prediction \\|(.*\n\\|)*.*\n");

  @Test
  void readme_hasTheFirstTableOfTheBenchmarks() throws IOException {
    Matcher here = TABLE.matcher(Files.readString(README));
    Matcher there = TABLE.matcher(Files.readString(BENCHMARKS));
    assertThat(here.find() && there.find()).isTrue();

    GeneratedFile.check(README, here.replaceFirst(Matcher.quoteReplacement(there.group())));
  }
}
