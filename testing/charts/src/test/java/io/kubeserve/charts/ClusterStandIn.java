package io.kubeserve.charts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What stands for a cluster, which cannot be had here: it keeps what it is given and gives it back,
 * as an API server does, and checks nothing. {@link Schemas} does the checking.
 */
final class ClusterStandIn implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** The kinds of each group: resource, and kind. */
  private static final Map<String, Map<String, String>> GROUPS =
      Map.of(
          "v1",
          Map.of(
              "services", "Service",
              "serviceaccounts", "ServiceAccount",
              "secrets", "Secret",
              "configmaps", "ConfigMap",
              "pods", "Pod"),
          "apps/v1",
          Map.of("deployments", "Deployment"),
          "autoscaling/v2",
          Map.of("horizontalpodautoscalers", "HorizontalPodAutoscaler"),
          "networking.k8s.io/v1",
          Map.of("ingresses", "Ingress", "networkpolicies", "NetworkPolicy"),
          "policy/v1",
          Map.of("poddisruptionbudgets", "PodDisruptionBudget"),
          "monitoring.coreos.com/v1",
          Map.of(
              "prometheuses", "Prometheus",
              "servicemonitors", "ServiceMonitor",
              "podmonitors", "PodMonitor",
              "prometheusrules", "PrometheusRule"));

  private final HttpServer server;

  /** What there is, by its path. */
  private final NavigableMap<String, String> objects = new ConcurrentSkipListMap<>();

  ClusterStandIn() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** The text of the file that KUBECONFIG names. */
  String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: stand-in, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: stand-in, context: {cluster: stand-in, user: ""}}]
        current-context: stand-in
        """
        .formatted(server.getAddress().getPort());
  }

  /** Adds a Prometheus whose selectors of monitors are these. */
  void addPrometheus(String name, String selectors) {
    objects.put(
        "/apis/monitoring.coreos.com/v1/namespaces/monitoring/prometheuses/" + name,
        """
        {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus",
         "metadata": {"name": "%s", "namespace": "monitoring"}, "spec": %s}
        """
            .formatted(name, selectors));
  }

  /** Everything of one kind. */
  List<JsonNode> all(String resource) {
    return objects.entrySet().stream()
        .filter(object -> object.getKey().contains('/' + resource + '/'))
        .map(object -> JSON.readTree(object.getValue()))
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String given = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    switch (exchange.getRequestMethod()) {
      case "GET" -> get(exchange, path);
      case "POST" -> {
        String name = JSON.readTree(given).at("/metadata/name").asString();
        objects.put(path + '/' + name, given);
        send(exchange, 201, given);
      }
      case "PUT" -> {
        objects.put(path, given);
        send(exchange, 200, given);
      }
      case "PATCH" -> send(exchange, 200, objects.getOrDefault(path, "{}"));
      default -> send(exchange, 405, "{}");
    }
  }

  private void get(HttpExchange exchange, String path) throws IOException {
    String object = objects.get(path);
    String group = path.replaceFirst("^/apis?/", "");
    Map<String, String> kinds = GROUPS.get(group);
    if (object != null) {
      send(exchange, 200, object);
    } else if (path.equals("/version")) {
      send(exchange, 200, "{\"major\": \"1\", \"minor\": \"34\", \"gitVersion\": \"v1.34.0\"}");
    } else if (path.equals("/api")) {
      send(exchange, 200, "{\"kind\": \"APIVersions\", \"versions\": [\"v1\"]}");
    } else if (path.equals("/apis")) {
      send(exchange, 200, groups());
    } else if (kinds != null) {
      send(exchange, 200, resources(group, kinds));
    } else if (isCollection(path)) {
      send(exchange, 200, list(path, exchange.getRequestURI().getQuery()));
    } else {
      send(
          exchange,
          404,
          "{\"kind\": \"Status\", \"status\": \"Failure\", \"reason\": \"NotFound\", \"code\": 404}");
    }
  }

  private static boolean isCollection(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    return GROUPS.values().stream().anyMatch(kinds -> kinds.containsKey(last));
  }

  private static String groups() {
    return GROUPS.keySet().stream()
        .filter(group -> group.contains("/"))
        .map(
            group ->
                """
                {"name": "%s", "versions": [{"groupVersion": "%s", "version": "%s"}],
                 "preferredVersion": {"groupVersion": "%2$s", "version": "%3$s"}}
                """
                    .formatted(
                        group.substring(0, group.indexOf('/')),
                        group,
                        group.substring(group.indexOf('/') + 1)))
        .collect(Collectors.joining(",", "{\"kind\": \"APIGroupList\", \"groups\": [", "]}"));
  }

  private static String resources(String group, Map<String, String> kinds) {
    return kinds.entrySet().stream()
        .map(
            resource ->
                """
                {"name": "%s", "kind": "%s", "namespaced": true, "singularName": "", "verbs": ["get", "list", "create"]}
                """
                    .formatted(resource.getKey(), resource.getValue()))
        .collect(
            Collectors.joining(
                ",",
                "{\"kind\": \"APIResourceList\", \"groupVersion\": \""
                    + group
                    + "\", \"resources\": [",
                "]}"));
  }

  /** Of every namespace or of one; labels are selected by equality. */
  private String list(String path, @Nullable String query) {
    String resource = path.substring(path.lastIndexOf('/'));
    String parent = path.substring(0, path.length() - resource.length());
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith(parent))
        .filter(object -> object.getKey().contains(resource + '/'))
        .map(Map.Entry::getValue)
        .filter(object -> selects(query, JSON.readTree(object)))
        .collect(
            Collectors.joining(
                ",", "{\"kind\": \"List\", \"apiVersion\": \"v1\", \"items\": [", "]}"));
  }

  private static boolean selects(@Nullable String query, JsonNode object) {
    if (query == null || !query.contains("labelSelector=")) {
      return true;
    }
    String selector = query.replaceFirst(".*labelSelector=([^&]*).*", "$1");
    return Stream.of(selector.split(","))
        .map(label -> label.split("="))
        .allMatch(
            label -> object.at("/metadata/labels").path(label[0]).asString().equals(label[1]));
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
