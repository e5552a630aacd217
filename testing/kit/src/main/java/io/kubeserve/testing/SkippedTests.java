package io.kubeserve.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The tests that a build skipped for want of something, kept in files of each module's {@code
 * target} until the build ends, which lists them by what would run them.
 */
public final class SkippedTests {
  private static final String FOLDER = "skipped-tests";

  /** Of the files below the project: a module may be in a folder of modules. */
  private static final int DEPTH = 6;

  /** A configuration parameter of JUnit that replaces {@code KUBESERVE_REQUIRE_REAL}. */
  static final String REQUIRED = "kubeserve.require.real";

  /** A configuration parameter of JUnit that replaces the module's folder of files. */
  static final String KEPT_IN = "kubeserve.skipped.tests";

  private SkippedTests() {}

  /** Whether a test that cannot run is a failure. */
  public static boolean areFailures() {
    return Boolean.parseBoolean(System.getenv("KUBESERVE_REQUIRE_REAL"));
  }

  /** Skips a test of programs, if any is missing, or fails it. */
  static ConditionEvaluationResult judge(ExtensionContext context, List<String> missing) {
    Path folder =
        context.getConfigurationParameter(KEPT_IN).map(Path::of).orElse(Path.of("target", FOLDER));
    String test =
        context.getRequiredTestClass().getName()
            + context.getTestMethod().map(method -> '#' + method.getName()).orElse("");
    if (missing.isEmpty()) {
      keep(folder, test, missing);
      return ConditionEvaluationResult.enabled("every program is on the PATH");
    }
    String reason =
        "%s %s not on the PATH"
            .formatted(String.join(", ", missing), missing.size() == 1 ? "is" : "are");
    if (context.getConfigurationParameter(REQUIRED, Boolean::parseBoolean).orElse(areFailures())) {
      throw new IllegalStateException(reason + ", and KUBESERVE_REQUIRE_REAL asks for it");
    }
    keep(folder, test, missing);
    return ConditionEvaluationResult.disabled(reason);
  }

  /** Skips a test for want of something that is not a program, unless that is a failure. */
  public static void unless(boolean there, Class<?> test, String missing) {
    Path folder = Path.of("target", FOLDER);
    keep(folder, test.getName(), there || areFailures() ? List.of() : List.of(missing));
    Assumptions.assumeTrue(there || areFailures(), missing + " is missing");
  }

  private static void keep(Path folder, String test, List<String> missing) {
    Path file = folder.resolve(test);
    try {
      if (missing.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        Files.createDirectories(folder);
        Files.write(file, missing);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Prints what the modules below a folder have skipped, if anything. */
  public static void main(String[] arguments) throws IOException {
    System.out.print(list(Path.of(arguments[0])));
  }

  static String list(Path project) throws IOException {
    Map<String, Set<String>> byProgram = new TreeMap<>();
    try (Stream<Path> files = Files.walk(project, DEPTH)) {
      for (Path file : files.filter(SkippedTests::isOne).toList()) {
        String name = file.getFileName().toString();
        String test = name.replaceFirst("^([^#]*\\.)?", "").replace('#', '.');
        for (String program : Files.readAllLines(file)) {
          byProgram.computeIfAbsent(program, unused -> new TreeSet<>()).add(test);
        }
      }
    }
    if (byProgram.isEmpty()) {
      return "No test was skipped for want of a program.\n";
    }
    StringBuilder text = new StringBuilder("Skipped, each for want of what stands before it:\n");
    byProgram.forEach(
        (program, tests) -> text.append("  %s: %s%n".formatted(program, String.join(", ", tests))));
    return text.append("With KUBESERVE_REQUIRE_REAL=true these would fail.\n").toString();
  }

  private static boolean isOne(Path file) {
    return Files.isRegularFile(file)
        && file.getParent() != null
        && file.getParent().endsWith(Path.of("target", FOLDER));
  }
}
