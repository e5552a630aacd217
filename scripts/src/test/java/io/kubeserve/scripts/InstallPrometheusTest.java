package io.kubeserve.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
  private static final Path SCRIPT = Path.of("install-prometheus.sh").toAbsolutePath();

  @TempDir private Path folder = Path.of("");

  private Path bin = Path.of("");
  private Path calls = Path.of("");

  /** What the script said and how it ended. */
  private record Outcome(int status, String out, String err) {}

  @BeforeEach
  void standIns() throws IOException {
    bin = Files.createDirectory(folder.resolve("bin"));
    calls = folder.resolve("calls");
    Files.createDirectory(folder.resolve("tmp"));
    for (String tool : List.of("bash", "cat", "sed", "mktemp", "rm", "sleep")) {
      Files.createSymbolicLink(bin.resolve(tool), which(tool));
    }
    standIn("kubectl", "");
    standIn("helm", "");
  }

  private static Path which(String tool) {
    return Stream.of("/usr/bin/", "/bin/")
        .map(place -> Path.of(place + tool))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow();
  }

  private void standIn(String tool, String then) throws IOException {
    String script =
        """
        #!/usr/bin/env bash
        echo "%s $*" >> "%s"
        while [ $# -gt 0 ]; do
          [ "$1" = --values ] && cat "$2" >> "%s.values"
          shift
        done
        %s
        """
            .formatted(tool, calls, calls, then);
    Path file = Files.writeString(bin.resolve(tool), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Process start(String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of(bin.resolve("bash").toString()));
    command.add(SCRIPT.toString());
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("PATH", bin.toString());
    builder.environment().put("TMPDIR", folder.resolve("tmp").toString());
    return builder.start();
  }

  private Outcome run(String... options) throws Exception {
    Process process = start(options);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), out, err);
  }

  private String calls() throws IOException {
    return Files.exists(calls) ? Files.readString(calls) : "";
  }

  private String values() throws IOException {
    return Files.readString(Path.of(calls + ".values"));
  }

  private void assertNothingIsLeft() throws IOException {
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
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
    assertNothingIsLeft();
  }

  @Test
  void secondRun_asksForTheSame() throws Exception {
    run();
    String first = calls().replaceAll("/tmp/tmp\\.\\w+", "TMP");
    Files.delete(calls);
    String firstValues = values();
    Files.delete(Path.of(calls + ".values"));
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
    assertNothingIsLeft();
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
    standIn("helm", "sleep 30");
    Process process = start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!calls().contains("helm upgrade") && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    // To the script first: it acts on the signal when Helm has ended.
    process.destroy();
    process.children().forEach(ProcessHandle::destroy);

    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertNothingIsLeft();
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
    Files.delete(bin.resolve(tool));
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains(tool + " is not installed; see https://");
  }

  @Test
  void unreachableCluster_isNamed() throws Exception {
    standIn("kubectl", "exit 1");
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("the cluster does not answer");
  }

  @Test
  void failingHelm_isNamed_andNothingIsLeft() throws Exception {
    standIn("helm", "exit 1");
    Outcome outcome = run();

    assertThat(outcome.status()).isEqualTo(1);
    assertThat(outcome.err()).contains("Helm could not install kube-prometheus-stack: see");
    assertNothingIsLeft();
  }

  @Test
  void help_namesEveryOption() throws Exception {
    assertThat(run("--help").out())
        .contains("--dry-run", "--uninstall", "--insecure-demo-password", "--existing-secret");
  }
}
