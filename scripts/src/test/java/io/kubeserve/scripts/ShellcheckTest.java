package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every shell script of the project is clean to shellcheck, which Debian's packages have. */
class ShellcheckTest {
  @Test
  void scripts_areClean() throws Exception {
    assumeTrue(isInstalled() || isRequired(), "shellcheck is not installed");

    Process shellcheck = new ProcessBuilder(command()).redirectErrorStream(true).start();
    String findings =
        new String(shellcheck.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(findings).isEmpty();
    assertThat(shellcheck.waitFor()).isZero();
  }

  private static List<String> command() throws IOException {
    Path project = Path.of("..");
    List<String> command = new ArrayList<>(List.of("shellcheck", "../.ci/run"));
    try (Stream<Path> files = Files.walk(project)) {
      files
          .map(Path::toString)
          .filter(file -> file.endsWith(".sh") && !file.contains("/target/"))
          .forEach(command::add);
    }
    assertThat(command).contains("../scripts/install-prometheus.sh");
    return command;
  }

  private static boolean isInstalled() throws InterruptedException {
    try {
      return new ProcessBuilder("shellcheck", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isRequired() {
    return Boolean.parseBoolean(System.getenv("KUBESERVE_REQUIRE_REAL"));
  }
}
