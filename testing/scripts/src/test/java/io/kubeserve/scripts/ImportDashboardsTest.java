package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.scripts.Sandbox.Outcome;
import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code import-grafana-dashboards.sh} with the real curl and jq against a stand-in of Grafana's
 * HTTP API, and with a stand-in of kubectl, since there is no cluster.
 */
@RequiresProgram({"curl", "jq"})
class ImportDashboardsTest {
  @TempDir private Path folder = Path.of("");

  @SuppressWarnings("NullAway.Init") // before each test
  private Sandbox sandbox;

  @SuppressWarnings("NullAway.Init") // before each test
  private GrafanaStandIn grafana;

  @BeforeEach
  void start() throws IOException {
    grafana = new GrafanaStandIn();
    sandbox = new Sandbox("import-grafana-dashboards.sh", folder);
    sandbox.programs("bash", "cat", "sed", "mktemp", "rm", "sleep", "jq", "head", "basename");
    sandbox.programs("base64", "dirname");
    sandbox.standIn("curl", "exec " + Sandbox.which("curl") + " \"$@\"");
    sandbox.standIn("kubectl", kubectl("Forwarding from 127.0.0.1:" + grafana.port()));
  }

  @AfterEach
  void stop() {
    grafana.close();
  }

  /** Forwards nothing, but says where Grafana is; knows the Secret. */
  private static String kubectl(String forwarding) {
    return """
        case "$*" in
          port-forward*) echo "%s -> 3000"; exec sleep 600 ;;
          *admin-user*) printf '%%s' %s ;;
          *admin-password*) printf '%%s' %s ;;
        esac
        """
        .formatted(forwarding, base64(GrafanaStandIn.USER), base64(GrafanaStandIn.PASSWORD));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void import_first_createsThenLeavesUnchangedThenUpdates() throws Exception {
    Outcome first = sandbox.run();

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(grafana.changes())
        .containsExactly(
            "folder KubeServe",
            "dashboard kubeserve-deployment in kubeserve",
            "dashboard kubeserve-master in kubeserve");
    assertThat(first.out())
        .containsPattern(
            "created +kubeserve-master.json +http://localhost:30091/d/kubeserve-master/x")
        .contains("kubectl port-forward -n monitoring svc/kube-prometheus-stack-grafana 30091:80");

    Outcome second = sandbox.run();

    assertThat(second.status()).isZero();
    assertThat(second.out()).contains("unchanged  kubeserve-master.json");
    assertThat(grafana.changes()).isEmpty();

    Path changed = Files.createDirectory(folder.resolve("changed"));
    Files.writeString(
        changed.resolve("kubeserve-master.json"),
        "{\"uid\": \"kubeserve-master\", \"title\": \"changed\"}");
    Outcome third = sandbox.run("--dashboards", changed.toString());

    assertThat(third.out()).contains("updated    kubeserve-master.json");
    assertThat(grafana.changes()).hasSize(1);
    sandbox.assertNothingIsLeft();
  }

  @Test
  void badFile_failsAlone() throws Exception {
    Path mixed = Files.createDirectory(folder.resolve("mixed"));
    Files.writeString(mixed.resolve("a.json"), "{\"uid\": \"a\", \"title\": \"A\"}");
    Files.writeString(mixed.resolve("b.json"), "{\"uid\": ");
    Files.writeString(mixed.resolve("c.json"), "{\"title\": \"without a uid\"}");
    Files.writeString(mixed.resolve("d.json"), "{\"uid\": \"d\", \"title\": \"refused\"}");
    Files.writeString(mixed.resolve("e.json"), "{\"uid\": \"e\", \"title\": \"E\"}");

    Outcome outcome = sandbox.run("--dashboards", mixed.toString());

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("3 dashboards could not be imported");
    assertThat(outcome.out())
        .containsPattern("created +a.json")
        .containsPattern("FAILED +b.json +is no dashboard with a uid and a title")
        .containsPattern("FAILED +c.json +is no dashboard with a uid and a title")
        .containsPattern("FAILED +d.json +Grafana answers 400: Cannot save provisioned dashboard")
        .containsPattern("created +e.json");
    assertThat(grafana.changes())
        .containsExactly(
            "folder KubeServe", "dashboard a in kubeserve", "dashboard e in kubeserve");
  }

  @Test
  void credentials_areInNoArgumentAndNoOutput() throws Exception {
    sandbox.put("GRAFANA_TOKEN", GrafanaStandIn.TOKEN);
    Outcome byToken = sandbox.run();
    sandbox.put("GRAFANA_TOKEN", "");
    Outcome bySecret = sandbox.run();

    for (Outcome outcome : List.of(byToken, bySecret)) {
      assertThat(outcome.status()).as(outcome.err()).isZero();
      assertThat(outcome.out() + outcome.err() + sandbox.calls())
          .doesNotContain(GrafanaStandIn.TOKEN, GrafanaStandIn.PASSWORD, "s3cr")
          .doesNotContain(base64(GrafanaStandIn.PASSWORD));
    }
    sandbox.assertNothingIsLeft();
  }

  @Test
  void url_andPassword_needNoCluster() throws Exception {
    sandbox.remove("kubectl");
    sandbox.put("GRAFANA_PASSWORD", GrafanaStandIn.PASSWORD);
    String url = "http://127.0.0.1:" + grafana.port();

    Outcome outcome = sandbox.run("--url", url + "/");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains(url + "/d/kubeserve-master/x")
        .doesNotContain("port-forward");
  }

  @Test
  void wrongPassword_isNamed() throws Exception {
    sandbox.put("GRAFANA_PASSWORD", "wrong");
    Outcome outcome = sandbox.run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("Grafana refuses the credentials");
    sandbox.assertNothingIsLeft();
  }

  @Test
  void missingSecret_isNamed() throws Exception {
    sandbox.standIn("kubectl", "exit 1");
    Outcome outcome = sandbox.run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("there is no admin-user in the Secret kube-prometheus-stack-grafana");
  }

  @Test
  void failedForward_isNamed() throws Exception {
    sandbox.put("GRAFANA_PASSWORD", GrafanaStandIn.PASSWORD);
    sandbox.standIn("kubectl", "echo 'services \"x\" not found' >&2; exit 1");
    Outcome outcome = sandbox.run("--release", "x");

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("could not forward a port to service/x-grafana", "services \"x\" not found");
  }

  @Test
  void dryRun_asksNobody() throws Exception {
    Outcome outcome = sandbox.run("--dry-run");

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("import as kubeserve-master");
    assertThat(sandbox.calls()).isEmpty();
    sandbox.assertNothingIsLeft();
  }

  @Test
  void terminated_leavesNoForwardBehind() throws Exception {
    // Leads nowhere, so the script waits.
    sandbox.standIn("kubectl", kubectl("Forwarding from 127.0.0.1:1"));
    sandbox.put("GRAFANA_TOKEN", GrafanaStandIn.TOKEN);
    try (ChildProcess script = sandbox.start()) {
      await().atMost(Sandbox.LIMIT).until(() -> sandbox.calls().contains("curl "));
      List<ProcessHandle> children = script.process().descendants().toList();
      script.terminate();

      assertThat(script.awaitEnd(Sandbox.LIMIT).status()).isEqualTo(143);
      assertThat(children).isNotEmpty();
      await()
          .atMost(Sandbox.LIMIT)
          .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
    }
    sandbox.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense | unknown option --nonsense",
        "--url | --url needs a value",
        "--dashboards=x | unknown option --dashboards=x",
      })
  void wrongOption_saysWhatToChange(String option, String sentence) throws Exception {
    Outcome outcome = sandbox.run(option);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence);
  }

  @Test
  void emptyFolder_isNamed() throws Exception {
    Outcome outcome = sandbox.run("--dashboards", folder.toString());

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("there is no dashboard in " + folder);
  }

  @ParameterizedTest
  @CsvSource({"jq", "curl", "kubectl"})
  void missingTool_isNamed(String tool) throws Exception {
    sandbox.remove(tool);
    Outcome outcome = sandbox.run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains(tool + " is not installed; see https://");
    sandbox.assertNothingIsLeft();
  }
}
