package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.scripts.Sandbox.Outcome;
import io.kubeserve.testing.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * {@code install-prometheus.sh} with stand-ins for kubectl and Helm, since there is no cluster:
 * they write down how they were called, and the values files that Helm was given.
 */
class InstallPrometheusTest {
  @TempDir private Path folder = Path.of("");

  private Path valuesFile = Path.of("");

  @SuppressWarnings("NullAway.Init") // before each test
  private Sandbox sandbox;

  @BeforeEach
  void standIns() throws IOException {
    valuesFile = folder.resolve("values");
    sandbox = new Sandbox("install-prometheus.sh", folder);
    sandbox.programs("bash", "cat", "sed", "mktemp", "rm", "sleep");
    sandbox.standIn("kubectl", "");
    // It keeps what the values files say that it is given.
    sandbox.standIn(
        "helm",
        """
        while [ $# -gt 0 ]; do
          [ "$1" = --values ] && cat "$2" >> "%s"
          shift
        done
        """
            .formatted(valuesFile));
  }

  private Outcome run(String... options) throws Exception {
    return sandbox.run(options);
  }

  private String calls() throws IOException {
    return sandbox.calls();
  }

  private String values() throws IOException {
    return Files.readString(valuesFile);
  }

  @Test
  void install_doesWhatTheSeedSays() throws Exception {
    Outcome outcome = run();

    assertThat(outcome.status()).as(outcome.err()).isZero();
    assertThat(calls())
        .contains(
            "helm upgrade kube-prometheus-stack oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack --install --version ",
            "--namespace monitoring --create-namespace --wait",
            "kubectl wait --for=condition=Established",
            "kubectl rollout status");
    assertThat(values())
        .contains(
            "retention: 30d",
            "nodePort: 30090",
            "nodePort: 30091",
            "serviceMonitorSelectorNilUsesHelmValues: false",
            "ruleSelectorNilUsesHelmValues: false")
        .doesNotContain("adminPassword");
    assertThat(outcome.out())
        .contains(
            "http://localhost:30090",
            "http://localhost:30091",
            "kubectl port-forward -n monitoring svc/kube-prometheus-stack-prometheus 30090:9090",
            "kubectl port-forward -n monitoring svc/kube-prometheus-stack-grafana 30091:80");
    sandbox.assertNothingIsLeft();
  }

  @Test
  void secondRun_asksForTheSame() throws Exception {
    run();
    String first = calls().replaceAll("/tmp/tmp\\.\\w+", "TMP");
    sandbox.forgetCalls();
    String firstValues = values();
    Files.delete(valuesFile);
    run();

    assertThat(calls().replaceAll("/tmp/tmp\\.\\w+", "TMP")).isEqualTo(first);
    assertThat(values()).isEqualTo(firstValues);
  }

  @Test
  void dryRun_changesNothing() throws Exception {
    for (String[] options :
        List.of(
            new String[] {"--dry-run", "--insecure-demo-password"},
            new String[] {"--dry-run", "--uninstall"})) {
      Outcome outcome = run(options);

      assertThat(outcome.status()).isZero();
      assertThat(outcome.out()).startsWith("Would ").doesNotContain("Password: admin");
      assertThat(calls().lines())
          .allMatch(call -> call.startsWith("kubectl version"), "only asks for the version");
    }
    sandbox.assertNothingIsLeft();
  }

  @Test
  void uninstall_removesTheRelease() throws Exception {
    Outcome outcome = run("--uninstall", "--namespace", "obs", "--context", "kind");

    assertThat(outcome.status()).isZero();
    assertThat(calls())
        .contains(
            "helm --kube-context kind uninstall kube-prometheus-stack --namespace obs --ignore-not-found");
  }

  @Test
  void demoPassword_isWarnedOf_andInNoArgument() throws Exception {
    Outcome outcome = run("--insecure-demo-password");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.err()).startsWith("Warning: Grafana's password is the one everybody knows");
    assertThat(outcome.out()).doesNotContain("adminPassword");
    assertThat(calls()).doesNotContain("adminPassword");
    assertThat(values()).contains("adminPassword: admin");
  }

  @Test
  void existingSecret_isNamed() throws Exception {
    assertThat(run("--existing-secret", "grafana-admin", "--no-node-ports").status()).isZero();
    assertThat(values())
        .contains("existingSecret: grafana-admin")
        .doesNotContain("nodePort", "adminPassword");
  }

  @Test
  void terminated_leavesNothingBehind() throws Exception {
    sandbox.standIn("helm", "exec sleep 600");
    try (ChildProcess script = sandbox.start()) {
      await().atMost(Sandbox.LIMIT).until(() -> calls().contains("helm upgrade"));
      List<ProcessHandle> helm = script.process().children().toList();
      // To the script first: it acts on the signal when Helm has ended.
      script.terminate();
      helm.forEach(ProcessHandle::destroy);

      assertThat(script.awaitEnd(Sandbox.LIMIT).status()).isNotZero();
    }
    sandbox.assertNothingIsLeft();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nonsense | unknown option --nonsense",
        "--namespace | --namespace needs a value",
        "--values=none | unknown option --values=none",
      })
  void wrongOption_saysWhatToChange(String option, String sentence) throws Exception {
    Outcome outcome = run(option);

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains(sentence);
    assertThat(calls()).isEmpty();
  }

  @Test
  void contradiction_isRefused() throws Exception {
    Outcome outcome = run("--insecure-demo-password", "--existing-secret", "s");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.err()).contains("exclude each other");
  }

  @ParameterizedTest
  @CsvSource({"helm", "kubectl"})
  void missingTool_isNamed(String tool) throws Exception {
    sandbox.remove(tool);
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains(tool + " is not installed; see https://");
  }

  @Test
  void unreachableCluster_isNamed() throws Exception {
    sandbox.standIn("kubectl", "exit 1");
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("the cluster does not answer");
  }

  @Test
  void failingHelm_isNamed_andNothingIsLeft() throws Exception {
    sandbox.standIn("helm", "exit 1");
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("Helm could not install kube-prometheus-stack: see");
    sandbox.assertNothingIsLeft();
  }

  @Test
  void help_namesEveryOption() throws Exception {
    assertThat(run("--help").out())
        .contains("--dry-run", "--uninstall", "--insecure-demo-password", "--existing-secret");
  }
}
