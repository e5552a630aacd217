package io.kubeserve.examples.batch;

import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Pushgateway on a free port of the loopback. */
final class Pushgateway implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final String address;

  private Pushgateway(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one and waits until it answers, were it only that it wants a password. */
  static Pushgateway start(Path folder, String... flags) throws IOException {
    String address = "127.0.0.1:" + Prometheus.freePort();
    List<String> command =
        new ArrayList<>(
            List.of(
                "prometheus-pushgateway",
                "--web.listen-address=" + address,
                // Debian's keeps the metrics in a file of the machine, for the next one to show.
                "--persistence.file="));
    command.addAll(List.of(flags));
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("pushgateway.log").toFile())
            .start();
    Pushgateway gateway = new Pushgateway(process, address);
    try {
      await()
          .atMost(LIMIT)
          .ignoreExceptions()
          .until(() -> gateway.http().get("/-/ready").statusCode() < 500);
    } catch (RuntimeException e) {
      gateway.close();
      throw e;
    }
    return gateway;
  }

  /** The host and the port. */
  String address() {
    return address;
  }

  Http http() {
    return new Http("http://" + address);
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
