package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of this example's README and of the project's, as a user pastes them. */
@RequiresProgram("curl")
class ReadmeCommandsTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ModelServer server = new ModelServer(ServerOptions.local());

  @BeforeEach
  void start() throws Exception {
    server.start();
    server.load(OnnxModel::loadBundled);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "../../README.md"})
  void curlCommands_areAnswered(String readme) throws Exception {
    List<String> commands =
        Files.readAllLines(Path.of(readme)).stream()
            .filter(line -> line.startsWith("curl "))
            .toList();

    assertThat(commands).isNotEmpty();
    for (String command : commands) {
      String own =
          command
              .replace("http://localhost:8080", server.url())
              .replaceFirst("curl", "curl -sS --fail -m 30");
      ChildProcess.Ended curl = ChildProcess.run(LIMIT, List.of("bash", "-c", own));
      assertThat(curl.status()).as(curl.output()).isZero();
      assertThat(curl.output()).startsWith("{").doesNotContain("error");
    }
  }
}
