package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The chart with every kind of values, by the real Helm engine. */
class ChartTest {
  static Stream<Named<String>> values() {
    return Stream.of(
        Named.of("default", ""),
        Named.of("service monitor", "monitoring: {serviceMonitor: {enabled: true}}"),
        Named.of("everything on", EVERYTHING),
        Named.of(
            "pod monitor",
            "monitoring: {serviceMonitor: {enabled: false}, podMonitor: {enabled: true}}"),
        Named.of(
            "pod monitor, own port",
            "{ports: {metrics: 9090}, monitoring: {serviceMonitor: {enabled: false}, podMonitor: {enabled: true}}}"),
        Named.of("metrics port", "{ports: {metrics: 9090}, networkPolicy: {enabled: true}}"),
        Named.of(
            "network policy",
            "networkPolicy: {enabled: true, allowRequestsFrom: [{podSelector: {}}]}"),
        Named.of("keda", "keda: {enabled: true}"),
        Named.of(
            "volume claim",
            "model: {source: persistentVolumeClaim, persistentVolumeClaim: {claimName: models, subPath: iris}}"),
        Named.of("object store", OBJECT_STORE),
        Named.of(
            "native histograms",
            "monitoring: {serviceMonitor: {nativeHistograms: {enabled: true}}}"),
        Named.of(
            "native histograms alone",
            "monitoring: {serviceMonitor: {nativeHistograms: {enabled: true, keepClassic: false, dropClassicBuckets: true}}}"),
        Named.of("digest", "image: {digest: \"sha256:" + "a".repeat(64) + "\"}"),
        Named.of("no service account", "serviceAccount: {create: false}"));
  }

  private static final String OBJECT_STORE =
      """
      model:
        source: objectStore
        objectStore:
          uri: ":s3:models/iris/3/model.onnx"
          existingSecret: model-store
          env: [{name: RCLONE_S3_PROVIDER, value: Minio}]
          resources: {limits: {memory: 128Mi}}
      """;

  private static final String EVERYTHING =
      """
      commonLabels: {team: risk}
      commonAnnotations: {owner: risk}
      replicaCount: 3
      imagePullSecrets: [registry]
      command: [java]
      args: [-jar, /app.jar]
      env: [{name: A, value: b}]
      envFrom: [{configMapRef: {name: settings}}]
      ports: {http: 8080, metrics: 9090}
      resources: {limits: {memory: 2Gi}}
      podAnnotations: {a: b}
      podLabels: {c: d}
      nodeSelector: {disk: ssd}
      tolerations: [{key: gpu, operator: Exists}]
      affinity: {podAntiAffinity: {}}
      topologySpreadConstraints: [{maxSkew: 1, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway}]
      priorityClassName: high
      extraVolumes: [{name: cache, emptyDir: {}}]
      extraVolumeMounts: [{name: cache, mountPath: /cache}]
      serviceAccount: {annotations: {a: b}}
      service: {type: NodePort, annotations: {a: b}}
      ingress: {enabled: true, host: models.example.org, deploymentId: 1, annotations: {a: b}, tls: [{secretName: tls, hosts: [models.example.org]}]}
      autoscaling:
        enabled: true
        minReplicas: 2
        metrics: {memoryUtilization: 80, predictionsPerSecondPerPod: 10, extra: [{type: Resource, resource: {name: cpu, target: {type: AverageValue, averageValue: "1"}}}]}
        behavior: {scaleDown: {stabilizationWindowSeconds: 300}}
      podDisruptionBudget: {enabled: true}
      networkPolicy: {enabled: true}
      monitoring:
        serviceMonitor:
          labels: {extra: label}
          annotations: {a: b}
          namespace: monitoring
          scheme: https
          tlsConfig: {insecureSkipVerify: true}
          authorization: {credentials: {name: scrape, key: token}}
          basicAuth: {username: {name: basic, key: user}, password: {name: basic, key: password}}
          relabelings: [{action: labeldrop, regex: x}]
          metricRelabelings: [{action: drop, sourceLabels: [__name__], regex: jvm_.*}]
          targetLabels: [team]
          podTargetLabels: [team]
          limits: {targetLimit: 10, bodySizeLimit: 10MB}
          scrapeClass: istio
          scrapeProtocols: [PrometheusProto, PrometheusText0.0.4]
        prometheusRule:
          enabled: true
          labels: {extra: label}
          annotations: {a: b}
          namespace: monitoring
          additionalRuleLabels: {team: risk}
          additionalGroups: [{name: own, rules: [{record: "a:b", expr: "vector(1)"}]}]
        dashboards: {enabled: true, annotations: {grafana_folder: KubeServe}}
      tests: {prometheusUrl: "http://prometheus:9090"}
      """;

  @ParameterizedTest
  @MethodSource("values")
  void render_isWhatAClusterTakes_fieldByField(String values) {
    for (JsonNode object : Chart.render(values).objects()) {
      assertThat(Schemas.errorsOf(object)).as(object.path("kind").asString()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("values")
  void render_bringsMetricsFromThePodToPrometheus(String values) {
    assertThat(Chain.breaksOf(Chart.render(values))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("values")
  void render_fitsARestrictedNamespace(String values) {
    Render render = Chart.render(values);

    assertThat(PodSecurity.violationsOf(render.only("Deployment").at("/spec/template/spec")))
        .isEmpty();
    assertThat(PodSecurity.violationsOf(render.only("Pod").path("spec"))).isEmpty();
  }

  @Test
  void lint_strict_isClean() {
    LintResult result = new Helm(Chart.FOLDER).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @Test
  void seedCommand_rendersTheServiceMonitorOfTheSeed() {
    String manifest =
        new Helm(Chart.FOLDER)
            .template()
            .withName("test-deployment")
            .withNamespace("user-1")
            .withKubeVersion(Chart.KUBE_VERSION)
            .set("monitoring.serviceMonitor.enabled", true)
            .call();

    assertThat(manifest)
        .contains("kind: ServiceMonitor", "interval: 30s", "scrapeTimeout: 10s", "path: /metrics");
  }

  @Test
  void everythingOn_rendersEveryKind() {
    assertThat(Chart.render(EVERYTHING).kinds())
        .contains(
            "Deployment",
            "Service",
            "ServiceAccount",
            "Ingress",
            "HorizontalPodAutoscaler",
            "PodDisruptionBudget",
            "NetworkPolicy",
            "ServiceMonitor",
            "PrometheusRule",
            "Pod");
  }

  @Test
  void deploymentLabel_isTheNameOfTheDeployment() {
    Render render = Chart.render("");
    JsonNode relabeling = render.only("ServiceMonitor").at("/spec/endpoints/0/relabelings/0");

    assertThat(relabeling.path("targetLabel").asString()).isEqualTo("deployment");
    assertThat(relabeling.path("replacement").asString())
        .isEqualTo(render.only("Deployment").at("/metadata/name").asString());
  }

  @Test
  void replicas_areLeftToWhoScales() {
    for (String values : List.of("autoscaling: {enabled: true}", "keda: {enabled: true}")) {
      assertThat(Chart.render(values).only("Deployment").path("spec").has("replicas")).isFalse();
    }
    assertThat(Chart.render("").only("Deployment").at("/spec/replicas").asInt()).isEqualTo(1);
  }

  @Test
  void liveness_neverAsksForTheModel() {
    JsonNode container = Chart.render("").only("Deployment").at("/spec/template/spec/containers/0");

    assertThat(container.at("/livenessProbe/httpGet/path").asString()).isEqualTo("/health");
    assertThat(container.at("/readinessProbe/httpGet/path").asString()).isEqualTo("/ready");
    assertThat(container.at("/startupProbe/httpGet/path").asString()).isEqualTo("/ready");
  }

  @Test
  void podDisruptionBudget_isNotRenderedForOnePod() {
    assertThat(Chart.render("podDisruptionBudget: {enabled: true}").find("PodDisruptionBudget"))
        .isEmpty();
  }

  @Test
  void nativeHistograms_keepTheClassicBuckets() {
    JsonNode spec =
        Chart.render("monitoring: {serviceMonitor: {nativeHistograms: {enabled: true}}}")
            .only("ServiceMonitor")
            .path("spec");

    assertThat(spec.path("scrapeNativeHistograms").asBoolean()).isTrue();
    assertThat(spec.path("scrapeClassicHistograms").asBoolean()).isTrue();
  }

  @Test
  void objectStore_hasItsCredentialsFromASecretAlone() {
    JsonNode init =
        Chart.render(OBJECT_STORE).only("Deployment").at("/spec/template/spec/initContainers/0");

    assertThat(init.at("/envFrom/0/secretRef/name").asString()).isEqualTo("model-store");
    assertThat(init.path("args").toString())
        .isEqualTo("[\"copyto\",\"$(MODEL_URI)\",\"/models/model.onnx\"]");
  }
}
