package io.kubeserve.testing;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A real Pushgateway on a port of the loopback that it chooses. */
public final class Pushgateway implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final ChildProcess process;
  private final String address;

  private Pushgateway(ChildProcess process, String address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one and waits until it answers, were it only that it wants a password. */
  public static Pushgateway start(String... flags) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "prometheus-pushgateway",
                "--web.listen-address=127.0.0.1:0",
                // Debian's keeps the metrics in a file of the machine, for the next one to show.
                "--persistence.file="));
    command.addAll(List.of(flags));
    return Started.by(
        started -> {
          ChildProcess process = started.add(ChildProcess.start(command));
          Pushgateway gateway = new Pushgateway(process, Prometheus.addressOf(process));
          await()
              .atMost(LIMIT)
              .ignoreExceptions()
              .until(() -> gateway.http().get("/-/ready").statusCode() < 500);
          return gateway;
        });
  }

  /** The host and the port. */
  public String address() {
    return address;
  }

  /** A client of it. */
  public Http http() {
    return new Http("http://" + address);
  }

  @Override
  public void close() {
    process.stop();
  }
}
