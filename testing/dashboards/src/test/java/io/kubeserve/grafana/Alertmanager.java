package io.kubeserve.grafana;

import com.sun.net.httpserver.HttpServer;
import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.Started;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real Alertmanager on the loopback, and the webhook that it calls. */
final class Alertmanager implements AutoCloseable {
  private final List<String> delivered = new CopyOnWriteArrayList<>();
  private final Started started;
  private String address = "";

  private Alertmanager(Started started) {
    this.started = started;
  }

  /** Starts both; the folder must be its own. */
  static Alertmanager start(Path folder) throws Exception {
    return Started.by(
        started -> {
          Alertmanager alertmanager = new Alertmanager(started);
          HttpServer webhook = alertmanager.webhook();
          started.add(() -> webhook.stop(0));
          ChildProcess process =
              ChildProcess.start(command(folder, webhook.getAddress().getPort()));
          started.add(process::stop);
          alertmanager.address = Prometheus.addressOf(process);
          return alertmanager;
        });
  }

  private HttpServer webhook() throws IOException {
    HttpServer webhook =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook.createContext(
        "/",
        exchange -> {
          delivered.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    webhook.start();
    return webhook;
  }

  private static List<String> command(Path folder, int webhookPort) throws IOException {
    Files.createDirectories(folder);
    Path configuration =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            """
            route: {receiver: webhook, group_wait: 0s, group_interval: 1s, group_by: ['...']}
            receivers:
              - name: webhook
                webhook_configs: [{url: "http://127.0.0.1:%d/"}]
            """
                .formatted(webhookPort));
    return List.of(
        "prometheus-alertmanager",
        "--config.file=" + configuration,
        "--storage.path=" + folder.resolve("data"),
        "--web.listen-address=127.0.0.1:0",
        "--cluster.listen-address=");
  }

  /** The host and the port. */
  String address() {
    return address;
  }

  /** The bodies of what it sent to the webhook. */
  List<String> delivered() {
    return delivered;
  }

  @Override
  public void close() {
    started.close();
  }
}
