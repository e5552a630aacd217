package io.kubeserve.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What stands for a cluster, which cannot be had here: it knows the kind Prometheus and has none.
 * The engine asks it for what NOTES look up, by the file that KUBECONFIG names.
 */
final class ClusterStandIn {
  private static final String GROUP = "/apis/monitoring.coreos.com/v1";

  private static final String RESOURCES =
      """
      {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": "monitoring.coreos.com/v1", "resources": [
        {"name": "prometheuses", "singularName": "prometheus", "namespaced": true, "kind": "Prometheus", "verbs": ["get", "list"]}]}
      """;

  private static final String NO_PROMETHEUS =
      """
      {"kind": "PrometheusList", "apiVersion": "monitoring.coreos.com/v1", "metadata": {}, "items": []}
      """;

  private ClusterStandIn() {}

  static void start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(GROUP, exchange -> answer(exchange, RESOURCES));
      server.createContext(GROUP + "/prometheuses", exchange -> answer(exchange, NO_PROMETHEUS));
      server.start();
      Files.writeString(
          Path.of(System.getenv("KUBECONFIG")), kubeconfig(server.getAddress().getPort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String kubeconfig(int port) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: stand-in, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: stand-in, context: {cluster: stand-in, user: ""}}]
        current-context: stand-in
        """
        .formatted(port);
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
