package io.kubeserve.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The inputs that every build tries: few enough to look at, so a search commits none of its own.
 */
class SeedsTest {
  private static final int MAX_SEEDS = 40;
  private static final Path SEEDS = ProjectFiles.of("testing/fuzz/src/test/resources");

  static List<Path> targets() throws IOException {
    try (Stream<Path> paths = Files.walk(SEEDS)) {
      return paths.filter(path -> path.getParent().toString().endsWith("Inputs")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("targets")
  void target_hasAtMostFortySeeds(Path target) throws IOException {
    try (Stream<Path> seeds = Files.list(target)) {
      assertThat(seeds).hasSizeBetween(1, MAX_SEEDS);
    }
  }
}
