package io.kubeserve.grafana;

import com.sun.net.httpserver.HttpServer;
import io.kubeserve.testing.Prometheus;
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
  private final HttpServer webhook;
  private final Process process;
  private final int port;

  Alertmanager(Path folder) throws IOException {
    Files.createDirectories(folder);
    webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook.createContext(
        "/",
        exchange -> {
          delivered.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    webhook.start();
    Path configuration =
        Files.writeString(
            folder.resolve("alertmanager.yml"),
            """
            route: {receiver: webhook, group_wait: 0s, group_interval: 1s, group_by: ['...']}
            receivers:
              - name: webhook
                webhook_configs: [{url: "http://127.0.0.1:%d/"}]
            """
                .formatted(webhook.getAddress().getPort()));
    port = Prometheus.freePort();
    process =
        new ProcessBuilder(
                "prometheus-alertmanager",
                "--config.file=" + configuration,
                "--storage.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("alertmanager.log").toFile())
            .start();
  }

  int port() {
    return port;
  }

  /** The bodies of what it sent to the webhook. */
  List<String> delivered() {
    return delivered;
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
    webhook.stop(0);
  }
}
