package io.kubeserve.examples.jetty;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The real podman, with runc; the limits are those that a sandbox of the build may allow. */
final class Podman {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final List<String> COMMAND = List.of("podman", "--runtime", "runc");

  private static final List<String> AS_THE_CHART =
      List.of(
          "run",
          "--rm",
          "--pull=never",
          "--ulimit=nofile=1024:1024",
          "--ulimit=nproc=1024:1024",
          "--read-only",
          "--cap-drop=all",
          "--security-opt=no-new-privileges",
          "--network=host",
          "--env=KUBESERVE_HOST=127.0.0.1",
          "--env=KUBESERVE_PORT=0");

  private Podman() {}

  /** Starts the image; only {@code /tmp} and its like can be written to. */
  static RunningServer start(String image) throws Exception {
    List<String> command = new ArrayList<>(COMMAND);
    command.addAll(AS_THE_CHART);
    command.add(image);
    return new RunningServer(command);
  }

  /** Runs a command to its end and returns what it printed. */
  static String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(COMMAND);
    command.addAll(List.of(arguments));
    ChildProcess.Ended podman = ChildProcess.run(LIMIT, command);
    if (podman.status() != 0) {
      throw new AssertionError(command + ": " + podman.output());
    }
    return podman.output().strip();
  }
}
