package io.kubeserve.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.RequiresProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job, as a process of its own, pushes to a real Pushgateway. */
@RequiresProgram("prometheus-pushgateway")
class BatchJobTest {
  // bcrypt of "open sesame", at the lowest cost.
  private static final String HASH = "$2b$04$Ytw9agBjUqNlhccuWSr0uOSqwJE5K/ek3640HG.k358zmtkwxCJ8O";
  private static final String GOOD = "1,2,3,4\n";
  private static final String LAST_SUCCESS =
      "batch_job_last_success_timestamp_seconds{instance=\"\",job=\"nightly\"}";
  private static final String SUCCESSES =
      "predictions_total{instance=\"\",job=\"nightly\",status=\"success\"}";
  private static final String ERRORS =
      "predictions_total{instance=\"\",job=\"nightly\",status=\"error\"}";

  private Path folder;
  private Pushgateway gateway;

  @BeforeEach
  void start(@TempDir Path ownFolder) throws IOException {
    folder = ownFolder;
    gateway = Pushgateway.start(folder);
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  @Test
  void run_goodRows_successesAndTimeArrive() throws Exception {
    double before = System.currentTimeMillis() / 1000.0;

    assertThat(run(GOOD.repeat(5)).exitCode()).isZero();

    assertThat(gateway.http().metric(SUCCESSES)).isEqualTo(5);
    assertThat(gateway.http().metric(ERRORS)).isZero();
    assertThat(gateway.http().metric(LAST_SUCCESS))
        .isBetween(before, System.currentTimeMillis() / 1000.0);
  }

  @Test
  void run_rowsFail_errorsArriveAndLastSuccessStays() throws Exception {
    run(GOOD.repeat(5));
    double lastSuccess = gateway.http().metric(LAST_SUCCESS);

    Run failed = run(GOOD + "1,2\n" + GOOD + "1,2,3,four\n");

    assertThat(failed.exitCode()).isEqualTo(1);
    assertThat(failed.output())
        .contains("Cannot score \"1,2\": it has 2 values, and the model takes 4")
        .contains("Cannot score \"1,2,3,four\": \"four\" is not a number");
    assertThat(gateway.http().metric(SUCCESSES)).isEqualTo(2);
    assertThat(gateway.http().metric(ERRORS)).isEqualTo(2);
    assertThat(gateway.http().metric(LAST_SUCCESS)).isEqualTo(lastSuccess);
  }

  @Test
  void run_rowsFailFirst_noTimeOfASuccess() throws Exception {
    assertThat(run("1,2\n").exitCode()).isEqualTo(1);

    assertThat(gateway.http().metric(ERRORS)).isEqualTo(1);
    assertThat(gateway.http().get("/metrics").body()).doesNotContain("batch_job_last_success");
  }

  @Test
  void run_user_passwordComesFromTheEnvironment() throws Exception {
    Path users =
        Files.writeString(folder.resolve("users.yml"), "basic_auth_users: {job: " + HASH + "}");
    try (Pushgateway guarded = Pushgateway.start(folder, "--web.config.file=" + users)) {
      Run right = run(job(guarded, GOOD, "--user=job"), Map.of(Main.PASSWORD, "open sesame"));
      Run wrong = run(job(guarded, GOOD, "--user=job"), Map.of(Main.PASSWORD, "open barley"));

      assertThat(right.exitCode()).isZero();
      assertThat(wrong.exitCode()).isEqualTo(2);
      assertThat(wrong.output()).contains("Cannot push to " + guarded.address(), "401");
      assertThat(wrong.output()).doesNotContain("barley");
    }
  }

  @Test
  void run_httpsToPlainPushgateway_nothingIsSent() throws Exception {
    Run run = run(job(gateway, GOOD, "--https"), Map.of());

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).contains("Cannot push to " + gateway.address(), "SSL");
  }

  private record Run(int exitCode, String output) {}

  private Run run(String rows) throws IOException, InterruptedException {
    return run(job(gateway, rows), Map.of());
  }

  private static Run run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  private List<String> job(Pushgateway to, String rows, String... options) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--pushgateway=" + to.address(),
                "--job=nightly"));
    command.addAll(List.of(options));
    command.add(Files.writeString(folder.resolve("rows.csv"), rows).toString());
    return command;
  }
}
