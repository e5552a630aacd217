package io.kubeserve.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What Javadoc's own checks do not ask for. */
class JavadocTest {
  private static final Pattern PUBLIC_TYPE = Pattern.compile("(?m)^public ");
  private static final Pattern SINCE = Pattern.compile("(?m)^ \\* @since \\d+\\.\\d+\\.\\d+$");

  @Test
  void publicTypes_sayWhichVersionTheyCameWith() {
    assertThat(
            ProjectFiles.endingWith(".java")
                .filter(JavadocTest::isPublished)
                .filter(file -> PUBLIC_TYPE.matcher(text(file)).find()))
        .hasSizeGreaterThan(30)
        .allSatisfy(file -> assertThat(text(file)).containsPattern(SINCE));
  }

  private static boolean isPublished(Path file) {
    return ProjectFiles.root()
        .relativize(file)
        .toString()
        .matches("kubeserve-metrics-\\w+/src/main/(?!.*/internal/).*");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
