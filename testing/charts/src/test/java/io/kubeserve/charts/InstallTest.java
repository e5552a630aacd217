package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.InstallCommand;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The real Helm engine installs the chart into what stands for a cluster. */
class InstallTest {
  private static final String RELEASE = "kube-prometheus-stack";

  /** With nothing but the name of the release, one value and the namespace. */
  @Test
  void install_withOneValue_objectsAreThereAndScraped() {
    try (ClusterStandIn cluster = withPrometheusOf(RELEASE)) {
      String notes = install(cluster, Map.of("monitoring.serviceMonitor.enabled", true));

      assertThat(cluster.all("deployments")).hasSize(1);
      assertThat(cluster.all("services")).hasSize(1);
      assertThat(cluster.all("servicemonitors"))
          .singleElement()
          .satisfies(
              monitor ->
                  assertThat(monitor.at("/spec/endpoints/0/interval").asString()).isEqualTo("30s"));
      assertThat(notes).contains("Scraped by the Prometheus monitoring/" + RELEASE);
    }
  }

  @Test
  void install_noPrometheusSelects_notesHaveTheCommandThatMendsIt() {
    try (ClusterStandIn cluster = withPrometheusOf("other")) {
      String notes = install(cluster, Map.of());

      assertThat(notes)
          .contains("NO PROMETHEUS WILL SCRAPE IT")
          .contains(
              "helm upgrade test-deployment charts/model-serving -n user-1 --reuse-values"
                  + " --set monitoring.prometheusRelease=other\n");
      assertThat(install(cluster, Map.of("monitoring.prometheusRelease", "other")))
          .contains("Scraped by the Prometheus monitoring/other");
    }
  }

  @Test
  void install_prometheusSelectsByOtherLabels_notesNameThem() {
    try (ClusterStandIn cluster = new ClusterStandIn()) {
      cluster.addPrometheus(
          "own", "{\"serviceMonitorSelector\": {\"matchLabels\": {\"team.io/scrape\": \"yes\"}}}");

      assertThat(install(cluster, Map.of()))
          .contains("--set monitoring.serviceMonitor.labels.team\\.io/scrape=yes\n");
      assertThat(
              install(cluster, Map.of("monitoring.serviceMonitor.labels.team\\.io/scrape", "yes")))
          .contains("Scraped by the Prometheus monitoring/own");
    }
  }

  @Test
  void install_prometheusSelectsEverything_isScraped() {
    try (ClusterStandIn cluster = new ClusterStandIn()) {
      cluster.addPrometheus("all", "{\"serviceMonitorSelector\": {}}");

      assertThat(install(cluster, Map.of())).contains("Scraped by the Prometheus monitoring/all");
    }
  }

  @Test
  void install_noPrometheus_notesSaySo() {
    try (ClusterStandIn cluster = new ClusterStandIn()) {
      assertThat(install(cluster, Map.of()))
          .contains("No Prometheus of Prometheus Operator was seen");
    }
  }

  @Test
  void install_monitoringOff_notesSayHowToTurnItOn() {
    try (ClusterStandIn cluster = withPrometheusOf(RELEASE)) {
      assertThat(install(cluster, Map.of("monitoring.serviceMonitor.enabled", false)))
          .contains("set monitoring.serviceMonitor.enabled=true");
    }
  }

  @Test
  void install_podMonitor_itsSelectorIsLookedAt() {
    try (ClusterStandIn cluster = new ClusterStandIn()) {
      cluster.addPrometheus(
          "pods",
          "{\"podMonitorSelector\": {}, \"serviceMonitorSelector\": {\"matchLabels\": {\"a\": \"b\"}}}");

      String notes =
          install(
              cluster,
              Map.of(
                  "monitoring.serviceMonitor.enabled",
                  false,
                  "monitoring.podMonitor.enabled",
                  true));

      assertThat(notes).contains("Scraped by the Prometheus monitoring/pods");
    }
  }

  private static ClusterStandIn withPrometheusOf(String release) {
    ClusterStandIn cluster = new ClusterStandIn();
    cluster.addPrometheus(
        release,
        """
        {"serviceMonitorSelector": {"matchLabels": {"release": "%1$s"}},
         "podMonitorSelector": {"matchLabels": {"release": "%1$s"}}}
        """
            .formatted(release));
    return cluster;
  }

  private static String install(ClusterStandIn cluster, Map<String, Object> values) {
    InstallCommand command =
        new Helm(Chart.FOLDER)
            .install()
            .withName(Chart.RELEASE)
            .withNamespace(Chart.NAMESPACE)
            .disableOpenApiValidation()
            .withKubeConfigContents(cluster.kubeconfig());
    values.forEach(command::set);
    return command.call().getOutput();
  }
}
