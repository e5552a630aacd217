package io.kubeserve.examples.batch;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The guide on batch jobs. */
final class Guide {
  private static final Path FILE = ProjectFiles.of("docs/batch-jobs.md");

  private Guide() {}

  /** Its blocks of a language. */
  static List<String> blocks(String language) throws IOException {
    return Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
        .matcher(Files.readString(FILE))
        .results()
        .map(block -> block.group(1))
        .toList();
  }
}
