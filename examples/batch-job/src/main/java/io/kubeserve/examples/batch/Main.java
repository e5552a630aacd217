package io.kubeserve.examples.batch;

import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import io.prometheus.metrics.exporter.pushgateway.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line: scores a file and says by the exit code how it went. */
@Command(
    name = "batch-job",
    description = "Scores the rows of a CSV file and pushes the metrics to a Pushgateway.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    exitCodeOnExecutionException = 2, // picocli's is 1, which here says that metrics were pushed
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:every row was scored",
      "1:rows failed; the metrics were pushed",
      "2:no metrics were pushed"
    })
final class Main implements Callable<Integer> {
  static final String PASSWORD = "KUBESERVE_PUSHGATEWAY_PASSWORD";

  private static final int ROWS_FAILED = 1;
  private static final int NOT_PUSHED = 2;
  private static final Pattern ADDRESS = Pattern.compile("([\\w.-]+|\\[[\\da-fA-F:]+\\]):\\d{1,5}");

  @Parameters(paramLabel = "FILE", description = "CSV file; a row is four numbers.")
  private Path file = Path.of("");

  @Option(
      names = "--pushgateway",
      paramLabel = "HOST:PORT",
      defaultValue = "${env:KUBESERVE_PUSHGATEWAY:-127.0.0.1:9091}",
      description = "Where to push to. Or KUBESERVE_PUSHGATEWAY.")
  private String pushgateway = "";

  @Option(
      names = "--job",
      defaultValue = "batch-job",
      description = "The label job of everything that is pushed.")
  private String job = "";

  // client_java 1.5.1 has a property for this, which refuses "HTTPS" and fails on "https".
  @Option(names = "--https", description = "Push over TLS; due wherever there is a password.")
  private boolean https;

  // The password is no option: every user of the machine can read a process's arguments.
  @Option(
      names = "--user",
      description = "User for basic authentication; the password is in " + PASSWORD + ".")
  private @Nullable String user;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one here

  private Main() {}

  /**
   * Runs the job once.
   *
   * @param args the options and the file
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public Integer call() {
    PushGateway.Builder gateway = gateway();
    List<String> rows = rows();
    CommandLine line = spec.commandLine();
    try {
      int failed = new BatchJob(line.getOut(), line.getErr()).run(rows, gateway);
      return failed == 0 ? ExitCode.OK : ROWS_FAILED;
    } catch (IOException | IllegalArgumentException e) { // the latter for a port above 65535
      line.getErr().printf("Cannot push to %s: %s%n", pushgateway, e.getMessage());
      return NOT_PUSHED;
    } finally {
      line.getOut().flush();
      line.getErr().flush();
    }
  }

  private PushGateway.Builder gateway() {
    if (!ADDRESS.matcher(pushgateway).matches()) {
      throw refused("--pushgateway must be HOST:PORT, not " + pushgateway);
    }
    if (job.isBlank()) {
      throw refused("--job must not be blank");
    }
    PushGateway.Builder gateway = PushGateway.builder().address(pushgateway).job(job);
    gateway.scheme(https ? Scheme.HTTPS : Scheme.HTTP);
    if (user != null) {
      String password = System.getenv(PASSWORD);
      if (password == null) {
        throw refused("--user needs the password in the environment variable " + PASSWORD);
      }
      gateway.basicAuth(user, password);
    }
    return gateway;
  }

  private List<String> rows() {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw refused("Cannot read the file: " + e);
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
