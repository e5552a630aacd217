package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.ProjectFiles;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every shell script of the project is clean to shellcheck, which Debian's packages have. */
@RequiresProgram("shellcheck")
class ShellcheckTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @Test
  void scripts_areClean() throws Exception {
    assertThat(ChildProcess.run(LIMIT, command())).isEqualTo(new ChildProcess.Ended(0, ""));
  }

  private static List<String> command() {
    List<String> command =
        new ArrayList<>(List.of("shellcheck", ProjectFiles.of(".ci/run").toString()));
    ProjectFiles.endingWith(".sh").map(Path::toString).forEach(command::add);
    assertThat(command).contains(ProjectFiles.of("scripts/install-prometheus.sh").toString());
    return command;
  }
}
