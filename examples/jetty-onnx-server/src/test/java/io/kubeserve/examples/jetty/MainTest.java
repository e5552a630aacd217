package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter errors = new StringWriter();
  private final CommandLine commandLine = Main.commandLine().setErr(new PrintWriter(errors));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "--port=http | 'http' is not an int",
        "--port=-1 | --port must be from 0 to 65535",
        "--port=65536 | --port must be from 0 to 65535",
        "--metrics-port=65536 | --metrics-port must be from 0 to 65535, not 65536",
        "--host= | --host must not be blank",
        "--model=nope.onnx | there is no readable file nope.onnx",
        "--add-latency=-1 | --add-latency must not be negative, but is -1",
        "--drain=-1 | --drain and --linger must not be negative, but are -1 and 0",
        "--verbose | Unknown option",
      })
  void execute_wrongOption_saysWhatToChange(String option, String message) {
    assertThat(commandLine.execute(option)).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains(message);
  }

  @Test
  void execute_fileThatIsNoModel_saysSo(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("text.onnx"), "not a model");

    assertThat(commandLine.execute("--port=0", "--model=" + file))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(errors.toString()).contains("Cannot load the model");
  }

  @Test
  void execute_portInUse_saysSo() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(commandLine.execute("--port=" + taken.getLocalPort()))
          .isEqualTo(CommandLine.ExitCode.USAGE);
    }
    assertThat(errors.toString()).contains("Cannot listen on 127.0.0.1");
  }
}
