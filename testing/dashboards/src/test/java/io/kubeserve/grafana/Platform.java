package io.kubeserve.grafana;

import static org.awaitility.Awaitility.await;

import io.kubeserve.charts.Chart;
import io.kubeserve.charts.Render;
import io.kubeserve.grafana.KubernetesStandIn.Pod;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RunningServer;
import io.kubeserve.testing.Started;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * A platform in small: real servers under a known load, a real Prometheus that scrapes them as the
 * chart says, with the project's rules, and a real Alertmanager. The cluster is a stand-in.
 *
 * <p>Against what is shipped, time is shortened: scrapes come four times a second, rules are
 * evaluated every second, and alerts wait two seconds.
 */
final class Platform implements AutoCloseable {
  static final int SUCCESSES_OF_A = 60;
  static final int SUCCESSES_OF_B = 10;
  static final int SUCCESSES_OF_C = 5;
  static final int ERRORS_OF_A = 40;
  static final int BATCHES_OF_A = 10;
  static final int STREAMS_OF_A = 10;

  /** Of a batch and of a stream. */
  static final int ROWS = 3;

  private static final String THREE_ROWS =
      "{\"data\": [[5.1, 3.5, 1.4, 0.2], [6.0, 2.9, 4.5, 1.5], [7.7, 3.0, 6.1, 2.3]]}";

  /** Between two bounds of the histogram. */
  static final int LATENCY_OF_B_MILLIS = 150;

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String RATE_INTERVAL = "20s";

  /** As far as a rate looks back that is drawn for five seconds. */
  private static final String LOOKED_BACK = "25s";

  /** Four of model servers, and of the cluster two by two addresses. */
  private static final int TARGETS = 8;

  private final RunningServer serverA;
  private final RunningServer serverB;
  private final RunningServer serverC;
  private final KubernetesStandIn kubernetes;
  private final Alertmanager alertmanager;
  private final Prometheus prometheus;

  private final boolean streams;

  private final Started started;

  /** Starts one of a server that has {@code /predict/stream}, or has not. */
  static Platform start(Path jar, boolean streams, Path folder) throws Exception {
    return Started.by(started -> new Platform(started, jar, streams, folder));
  }

  private Platform(Started started, Path jar, boolean streams, Path folder) throws Exception {
    this.started = started;
    this.streams = streams;
    kubernetes = started.add(new KubernetesStandIn());
    serverA = started.add(RunningServer.ofJar(jar));
    serverB = started.add(RunningServer.ofJar(jar, "--add-latency=" + LATENCY_OF_B_MILLIS));
    serverC = started.add(RunningServer.ofJar(jar));
    alertmanager = started.add(Alertmanager.start(folder.resolve("alertmanager")));
    Path rules =
        Files.writeString(
            folder.resolve("rules.yaml"),
            Files.readString(Expressions.RULES)
                .replace("interval: 5m", "interval: 1s")
                .replaceAll("for: \\d+[mh]", "for: 2s"));
    prometheus =
        started.add(
            Prometheus.start(configuration(rules.toAbsolutePath()), folder.resolve("prometheus")));
  }

  Prometheus prometheus() {
    return prometheus;
  }

  Alertmanager alertmanager() {
    return alertmanager;
  }

  /** Replaces Grafana's variables as Grafana does. */
  static String interpolate(String expression) {
    return expression
        .replace("=~\"$namespace\"", "=~\"(user-1|user-2)\"")
        .replace("$namespace", "user-1")
        .replace("$deployment", "iris")
        .replace("$cluster", ".*")
        .replace("$__rate_interval", RATE_INTERVAL);
  }

  /** Everything is scraped for as long as a rate looks back; nobody has asked for a prediction. */
  double idle() {
    await()
        .atMost(LIMIT)
        .until(() -> prometheus.value("count(up offset " + LOOKED_BACK + " == 1)") == TARGETS);
    return now();
  }

  /** Predictions that all succeed. */
  double succeed() {
    load(serverA.http(), SUCCESSES_OF_A, Http.ONE_ROW);
    load(serverB.http(), SUCCESSES_OF_B, Http.ONE_ROW);
    load(serverC.http(), SUCCESSES_OF_C, Http.ONE_ROW);
    loadRows();
    return scraped(successesOfARound());
  }

  /** The same again, errors among them, after a rollout; returns once an alert fires. */
  double failSome() {
    kubernetes.rollOut();
    load(serverA.http(), SUCCESSES_OF_A, Http.ONE_ROW);
    load(serverA.http(), ERRORS_OF_A, Http.NARROW_ROW);
    load(serverB.http(), SUCCESSES_OF_B, Http.ONE_ROW);
    loadRows();
    double scraped = scraped(predictionsOfIris());
    // The rules have seen all of it, too.
    await()
        .atMost(LIMIT)
        .until(
            () ->
                prometheus.value(
                        "timestamp(deployment:predictions_errors:ratio_rate1h{deployment=\"iris\"})")
                    > scraped);
    await()
        .atMost(LIMIT)
        .until(
            () ->
                prometheus.value(
                        "count(ALERTS{alertname=\"KubeServeErrorBudgetBurn\",alertstate=\"firing\",deployment=\"iris\",long=\"1h\"})")
                    == 1);
    return now();
  }

  int predictionsOfIris() {
    return 2 * successesOfARound() + ERRORS_OF_A;
  }

  private int successesOfARound() {
    return SUCCESSES_OF_A + SUCCESSES_OF_B + BATCHES_OF_A + (streams ? STREAMS_OF_A : 0);
  }

  private void loadRows() {
    load(serverA.http(), BATCHES_OF_A, THREE_ROWS);
    for (int i = 0; streams && i < STREAMS_OF_A; i++) {
      serverA.http().post("/predict/stream", BodyPublishers.ofString(THREE_ROWS));
    }
  }

  private static void load(Http http, int times, String body) {
    for (int i = 0; i < times; i++) {
      http.predict(body);
    }
  }

  private double scraped(int predictions) {
    await()
        .atMost(LIMIT)
        .until(
            () -> prometheus.value("sum(predictions_total{deployment=\"iris\"})") == predictions);
    return now();
  }

  private double now() {
    return Double.parseDouble(prometheus.api("query?query=time()").get("result").get(1).asString());
  }

  private String configuration(Path rules) {
    List<Object> jobs = new ArrayList<>();
    jobs.add(
        server(
            "iris", Map.of(serverA, KubernetesStandIn.IRIS_A, serverB, KubernetesStandIn.IRIS_B)));
    jobs.add(server("iris-canary", Map.of(serverC, KubernetesStandIn.CANARY)));
    jobs.add(server("fraud", Map.of(serverC, KubernetesStandIn.FRAUD)));
    jobs.add(cluster("kube-state-metrics"));
    jobs.add(cluster("cadvisor"));
    return new YAMLMapper()
        .writeValueAsString(
            Map.of(
                "global", Map.of("scrape_interval", "500ms", "evaluation_interval", "1s"),
                "rule_files", List.of(rules.toString()),
                "alerting",
                    Map.of(
                        "alertmanagers",
                        List.of(
                            Map.of(
                                "static_configs",
                                List.of(targets(List.of(alertmanager.address()), Map.of()))))),
                "scrape_configs", jobs));
  }

  /**
   * As Prometheus Operator makes it of the chart's ServiceMonitor; the labels of the target are the
   * operator's.
   */
  private static Map<String, Object> server(String deployment, Map<RunningServer, Pod> pods) {
    JsonNode spec =
        Chart.render("fullnameOverride: " + deployment).only("ServiceMonitor").path("spec");
    JsonNode endpoint = spec.at("/endpoints/0");
    Map<String, Object> job = new LinkedHashMap<>();
    job.put("job_name", deployment);
    job.put("metrics_path", endpoint.path("path").asString());
    job.put("honor_labels", endpoint.path("honorLabels").asBoolean());
    job.put("sample_limit", spec.path("sampleLimit").asInt());
    job.put("label_limit", spec.path("labelLimit").asInt());
    job.put("label_value_length_limit", spec.path("labelValueLengthLimit").asInt());
    job.put(
        "relabel_configs",
        Render.each(endpoint.path("relabelings"))
            .map(
                relabeling ->
                    Map.of(
                        "action", relabeling.path("action").asString(),
                        "target_label", relabeling.path("targetLabel").asString(),
                        "replacement", relabeling.path("replacement").asString()))
            .toList());
    List<Object> targets = new ArrayList<>();
    pods.forEach(
        (server, pod) ->
            targets.add(
                targets(
                    List.of(URI.create(server.http().url()).getAuthority()),
                    Map.of(
                        "namespace",
                        pod.namespace(),
                        "pod",
                        pod.name(),
                        "container",
                        "model-server",
                        "service",
                        deployment,
                        "endpoint",
                        "http"))));
    job.put("static_configs", targets);
    return job;
  }

  /** By two addresses, and so twice. */
  private Map<String, Object> cluster(String source) {
    return Map.of(
        "job_name",
        source,
        "metrics_path",
        "/" + source,
        "honor_labels",
        true,
        "static_configs",
        List.of(
            targets(
                List.of("127.0.0.1:" + kubernetes.port(), "localhost:" + kubernetes.port()),
                Map.of())));
  }

  private static Map<String, Object> targets(List<String> targets, Map<String, String> labels) {
    return Map.of("targets", targets, "labels", labels);
  }

  @Override
  public void close() {
    started.close();
  }
}
