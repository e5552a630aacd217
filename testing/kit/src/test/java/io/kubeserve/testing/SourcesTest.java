package io.kubeserve.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for the tests of every module. */
class SourcesTest {
  private static final Path PROJECT = ProjectFiles.root();
  private static final Pattern REQUIRED =
      Pattern.compile("@RequiresProgram\\(\\{?((?:\"[\\w-]+\"(?:, )?)+)");
  private static final Pattern ARTIFACT =
      Pattern.compile("</parent>\\s+<artifactId>([\\w.-]+)</artifactId>");
  private static final Pattern STARTED_OTHERWISE =
      Pattern.compile("new ProcessBuilder\\([^;]*\\.start\\(\\)|inheritIO\\(|Redirect\\.INHERIT");
  private static final Pattern WAITS_BLINDLY =
      Pattern.compile("Thread\\.(?:sleep|onSpinWait)\\(|TimeUnit\\.\\w+\\.sleep\\(");

  /** They start processes for the others, or show in a test of them what must not be. */
  private static final List<String> EXEMPT = List.of("Reaper.java", "SourcesTest.java");

  /** The sources of tests, by their names. */
  private static Map<String, String> sources() {
    Map<String, String> sources = new TreeMap<>();
    ProjectFiles.endingWith(".java")
        .filter(file -> file.toString().matches(".*(/src/test/|/testing/kit/src/main/).*"))
        .filter(file -> !EXEMPT.contains(file.getFileName().toString()))
        .forEach(file -> sources.put(PROJECT.relativize(file).toString(), text(file)));
    assertThat(sources).hasSizeGreaterThan(100);
    return sources;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> where(Pattern pattern) {
    return sources().entrySet().stream()
        .filter(source -> pattern.matcher(source.getValue()).find())
        .map(Map.Entry::getKey);
  }

  @Test
  void requiredPrograms_areThoseThatCiInstallsAndTakesAway() {
    String ci = text(PROJECT.resolve(".ci/run"));
    String contributing = text(PROJECT.resolve("CONTRIBUTING.md"));
    List<String> programs =
        sources().entrySet().stream()
            .filter(source -> !source.getKey().endsWith("RequiresProgramTest.java"))
            .flatMap(source -> REQUIRED.matcher(source.getValue()).results())
            .map(MatchResult::group)
            .flatMap(text -> Pattern.compile("\"([\\w-]+)\"").matcher(text).results())
            .map(program -> program.group(1))
            .distinct()
            .toList();

    assertThat(programs).contains("prometheus", "shellcheck");
    assertThat(programs)
        .allSatisfy(
            program -> {
              assertThat(ci).as(".ci/run").containsPattern("\n  " + program + ":[\\w-]+\n");
              assertThat(contributing).as("CONTRIBUTING.md").contains('`' + program + '`');
            });
  }

  @Test
  void processes_areStartedAsChildProcess_soThatTheBuildDoesNotWaitForThem() {
    assertThat(where(STARTED_OTHERWISE)).isEmpty();
  }

  @Test
  void waits_areForAnEvent() {
    assertThat(where(WAITS_BLINDLY)).isEmpty();
  }

  @Test
  void modulesWithTests_areBuiltBeforeTheListOfWhatWasSkipped() {
    List<String> modules =
        ProjectFiles.endingWith("pom.xml")
            .map(SourcesTest::text)
            .filter(pom -> !pom.contains("<packaging>pom</packaging>"))
            .flatMap(pom -> ARTIFACT.matcher(pom).results())
            .map(artifact -> artifact.group(1))
            .toList();

    assertThat(modules).contains("boot-3.3", "docs");
    assertThat(text(PROJECT.resolve("testing/skipped/pom.xml")))
        .contains(
            modules.stream()
                .map(module -> "<artifactId>" + module + "</artifactId>")
                .toArray(String[]::new));
  }
}
