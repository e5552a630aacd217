package io.kubeserve.grafana;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands for a cluster, which cannot be had here: the series of kube-state-metrics and
 * cAdvisor with the traps of the real ones. Each is to be scraped twice, as by two replicas and two
 * kubelets.
 */
final class KubernetesStandIn implements AutoCloseable {
  /**
   * A pod, and the truth about it.
   *
   * @param namespace its namespace
   * @param deployment whose it is
   * @param hash of its ReplicaSet
   * @param suffix of its name
   * @param cores in use
   * @param bytes in use
   * @param namesContainers whether the runtime does; some give the row of the whole pod alone
   */
  record Pod(
      String namespace,
      String deployment,
      String hash,
      String suffix,
      double cores,
      long bytes,
      boolean namesContainers) {
    String name() {
      return deployment + '-' + hash + '-' + suffix;
    }

    String replicaSet() {
      return deployment + '-' + hash;
    }
  }

  static final Pod IRIS_A =
      new Pod("user-1", "iris", "7d5f8b9c6d", "x2x4l", 0.5, 300_000_000, true);
  static final Pod IRIS_B =
      new Pod("user-1", "iris", "7d5f8b9c6d", "z9k8m", 0.25, 200_000_000, true);

  /** Its name starts with that of another deployment. */
  static final Pod CANARY =
      new Pod("user-1", "iris-canary", "5c6b7d8f9", "q4w2v", 0.1, 100_000_000, true);

  static final Pod FRAUD =
      new Pod("user-2", "fraud", "84c9f6b5d", "hj7kp", 0.3, 400_000_000, false);

  /** In a namespace of models, and no model server. */
  static final Pod REDIS = new Pod("user-1", "redis", "6f8d9c7b5", "b2n4m", 0.05, 50_000_000, true);

  /** In a namespace without model servers. */
  static final Pod GRAFANA =
      new Pod("monitoring", "grafana", "7b6d5f4c8", "w8x9z", 0.2, 500_000_000, true);

  static final List<Pod> PODS = List.of(IRIS_A, IRIS_B, CANARY, FRAUD, REDIS, GRAFANA);

  static final double CPU_LIMIT_CORES = 2;
  static final long MEMORY_LIMIT_BYTES = 1_000_000_000;

  private static final double PAUSE_CORES = 0.01;

  private final HttpServer server;
  private final long startMillis = System.currentTimeMillis();
  private final AtomicInteger generation = new AtomicInteger(1);

  KubernetesStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/kube-state-metrics", exchange -> answer(exchange, stateOfObjects()));
    server.createContext("/cadvisor", exchange -> answer(exchange, usage()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** A rollout of every deployment. */
  void rollOut() {
    generation.incrementAndGet();
  }

  private String stateOfObjects() {
    // Pods of one deployment repeat its lines, and a scrape may have a series once.
    Set<String> lines = new LinkedHashSet<>();
    for (Pod pod : PODS) {
      lines.addAll(stateOfDeployment(pod));
      lines.addAll(stateOfPod(pod));
      lines.addAll(stateOfContainer(pod));
    }
    lines.add("kube_pod_status_phase{namespace=\"user-1\",pod=\"train-once\",phase=\"Failed\"} 1");
    lines.addAll(stateOfScaler());
    return String.join("\n", lines) + '\n';
  }

  private List<String> stateOfDeployment(Pod pod) {
    String deployment =
        "{namespace=\"%s\",deployment=\"%s\"} ".formatted(pod.namespace(), pod.deployment());
    long replicas =
        PODS.stream().filter(other -> other.replicaSet().equals(pod.replicaSet())).count();
    return List.of(
        "kube_deployment_spec_replicas" + deployment + replicas,
        "kube_deployment_status_replicas_ready" + deployment + replicas,
        "kube_deployment_status_replicas_available" + deployment + replicas,
        "kube_deployment_status_observed_generation" + deployment + generation,
        "kube_replicaset_owner{namespace=\"%s\",replicaset=\"%s\",owner_kind=\"Deployment\",owner_name=\"%s\"} 1"
            .formatted(pod.namespace(), pod.replicaSet(), pod.deployment()));
  }

  private static List<String> stateOfPod(Pod pod) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "kube_pod_owner{namespace=\"%s\",pod=\"%s\",owner_kind=\"ReplicaSet\",owner_name=\"%s\"} 1"
            .formatted(pod.namespace(), pod.name(), pod.replicaSet()));
    for (String phase : List.of("Pending", "Running", "Succeeded", "Failed", "Unknown")) {
      lines.add(
          "kube_pod_status_phase{namespace=\"%s\",pod=\"%s\",phase=\"%s\"} %d"
              .formatted(pod.namespace(), pod.name(), phase, phase.equals("Running") ? 1 : 0));
    }
    return lines;
  }

  private static List<String> stateOfContainer(Pod pod) {
    String container =
        "namespace=\"%s\",pod=\"%s\",container=\"model-server\""
            .formatted(pod.namespace(), pod.name());
    return List.of(
        "kube_pod_container_status_restarts_total{%s} 1".formatted(container),
        "kube_pod_container_status_last_terminated_reason{%s,reason=\"OOMKilled\"} 1"
            .formatted(container),
        "kube_pod_container_resource_limits{%s,resource=\"cpu\",unit=\"core\"} %s"
            .formatted(container, CPU_LIMIT_CORES),
        "kube_pod_container_resource_limits{%s,resource=\"memory\",unit=\"byte\"} %d"
            .formatted(container, MEMORY_LIMIT_BYTES));
  }

  private static List<String> stateOfScaler() {
    String scaler = "{namespace=\"user-1\",horizontalpodautoscaler=\"iris\"";
    return List.of(
        "kube_horizontalpodautoscaler_status_current_replicas" + scaler + "} 2",
        "kube_horizontalpodautoscaler_spec_max_replicas" + scaler + "} 5",
        "kube_horizontalpodautoscaler_spec_min_replicas" + scaler + "} 1",
        "kube_horizontalpodautoscaler_info"
            + scaler
            + ",scaletargetref_kind=\"Deployment\",scaletargetref_name=\"iris\"} 1");
  }

  /** Counters that grow evenly, with the times of their samples, as cAdvisor has them. */
  private String usage() {
    long now = System.currentTimeMillis();
    StringBuilder text = new StringBuilder();
    row(text, "id=\"/\"", 12, 16_000_000_000L, now);
    for (Pod pod : PODS) {
      String labels = "namespace=\"%s\",pod=\"%s\"".formatted(pod.namespace(), pod.name());
      if (pod.namesContainers()) {
        row(
            text,
            labels + ",container=\"model-server\",image=\"x\"",
            pod.cores(),
            pod.bytes(),
            now);
        row(text, labels + ",container=\"POD\",image=\"pause\"", PAUSE_CORES, 1_000_000, now);
        row(text, labels, pod.cores() + PAUSE_CORES, pod.bytes() + 1_000_000, now);
      } else {
        row(text, labels, pod.cores(), pod.bytes(), now);
      }
    }
    return text.toString();
  }

  private void row(StringBuilder text, String labels, double cores, long bytes, long now) {
    double seconds = (now - startMillis) / 1000.0;
    sample(text, "container_cpu_usage_seconds_total", labels, cores * seconds, now);
    sample(text, "container_cpu_cfs_periods_total", labels, 10 * seconds, now);
    sample(text, "container_cpu_cfs_throttled_periods_total", labels, seconds, now);
    sample(text, "container_memory_working_set_bytes", labels, (double) bytes, now);
  }

  private static void sample(
      StringBuilder text, String metric, String labels, double value, long now) {
    text.append(String.format(Locale.ROOT, "%s{%s} %s %d%n", metric, labels, value, now));
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
