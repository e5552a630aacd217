package io.kubeserve.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ClosedPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter scores = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(scores)).setErr(new PrintWriter(errors));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--pushgateway=http://127.0.0.1:9091 | --pushgateway must be HOST:PORT, not http://127",
        "--pushgateway=127.0.0.1 | --pushgateway must be HOST:PORT, not 127.0.0.1",
        "--job= | --job must not be blank",
        "--user=job | needs the password in the environment variable KUBESERVE_PUSHGATEWAY_PASSWORD",
        "--job=nightly | Cannot read the file: java.nio.file.NoSuchFileException: nope.csv",
        "--password=secret | Unknown option",
      })
  void execute_wrongOption_saysWhatToChange(String option, String message) {
    assertThat(commandLine.execute(option, "nope.csv")).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
  }

  @Test
  void run_portThatIsNone_saysSo(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), "1,2,3,4\n");

    assertThat(commandLine.execute("--pushgateway=127.0.0.1:99999", file.toString())).isEqualTo(2);
    assertThat(errors.toString()).startsWith("Cannot push to 127.0.0.1:99999: ");
  }

  @Test
  void run_unreachablePushgateway_saysSoInOneSentence(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), "1,2,3,4\n");
    try (ClosedPort port = new ClosedPort()) {
      assertThat(commandLine.execute("--pushgateway=" + port.address(), file.toString()))
          .isEqualTo(2);
      assertThat(errors.toString().lines())
          .singleElement()
          .asString()
          .startsWith("Cannot push to " + port.address() + ": ")
          .endsWith("Connection refused");
    }
    assertThat(scores.toString()).isEqualToIgnoringNewLines("10.0");
  }
}
