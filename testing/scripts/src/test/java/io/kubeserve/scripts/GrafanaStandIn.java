package io.kubeserve.scripts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What stands for Grafana's HTTP API, since no Grafana is to be had here. */
final class GrafanaStandIn implements AutoCloseable {
  static final String USER = "admin";

  /** With what would break a careless quotation. */
  static final String PASSWORD = "s3cr\"et\\ $x";

  static final String TOKEN = "glsa_token";

  private static final JsonMapper JSON = new JsonMapper();

  private final HttpServer server;
  private final Map<String, ObjectNode> dashboards = new TreeMap<>();
  private final List<String> changes = new ArrayList<>();
  private boolean folder;

  GrafanaStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** What was changed since the last time of asking. */
  synchronized List<String> changes() {
    List<String> since = List.copyOf(changes);
    changes.clear();
    return since;
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    if (path.equals("/api/health")) {
      send(exchange, 200, "{\"database\": \"ok\"}");
    } else if (!isAllowed(exchange.getRequestHeaders().getFirst("Authorization"))) {
      send(exchange, 401, "{\"message\": \"Invalid username or password\"}");
    } else if (path.equals("/api/org")) {
      send(exchange, 200, "{\"id\": 1}");
    } else if (path.startsWith("/api/folders/")) {
      send(exchange, folder ? 200 : 404, "{}");
    } else if (path.equals("/api/folders")) {
      folder = true;
      changes.add("folder " + JSON.readTree(body).path("title").asString());
      send(exchange, 200, "{}");
    } else if (path.startsWith("/api/dashboards/uid/")) {
      get(exchange, path.substring(path.lastIndexOf('/') + 1));
    } else if (path.equals("/api/dashboards/db")) {
      save(exchange, JSON.readTree(body));
    } else {
      send(exchange, 404, "{}");
    }
  }

  private static boolean isAllowed(@Nullable String authorization) {
    String basic =
        Base64.getEncoder()
            .encodeToString((USER + ':' + PASSWORD).getBytes(StandardCharsets.UTF_8));
    return ("Basic " + basic).equals(authorization) || ("Bearer " + TOKEN).equals(authorization);
  }

  private void get(HttpExchange exchange, String uid) throws IOException {
    ObjectNode dashboard = dashboards.get(uid);
    if (dashboard == null) {
      send(exchange, 404, "{\"message\": \"Dashboard not found\"}");
      return;
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.set("dashboard", dashboard);
    answer.putObject("meta").put("folderUid", "kubeserve").put("url", "/d/" + uid + "/x");
    send(exchange, 200, answer.toString());
  }

  /** As Grafana does, it gives a dashboard a number and counts its versions. */
  private void save(HttpExchange exchange, JsonNode request) throws IOException {
    ObjectNode dashboard = (ObjectNode) request.path("dashboard");
    String uid = dashboard.path("uid").asString();
    if (dashboard.path("title").asString().equals("refused")) {
      send(exchange, 400, "{\"message\": \"Cannot save provisioned dashboard\"}");
      return;
    }
    ObjectNode before = dashboards.get(uid);
    dashboard.put("id", dashboards.size() + 1);
    dashboard.put("version", before == null ? 1 : before.path("version").asInt() + 1);
    dashboards.put(uid, dashboard);
    changes.add("dashboard " + uid + " in " + request.path("folderUid").asString());
    send(exchange, 200, "{\"status\": \"success\", \"url\": \"/d/" + uid + "/x\"}");
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
