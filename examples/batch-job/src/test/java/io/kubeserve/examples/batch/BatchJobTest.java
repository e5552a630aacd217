package io.kubeserve.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.ChildProcess.Ended;
import io.kubeserve.testing.Pushgateway;
import io.kubeserve.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
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

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Path folder;
  @AutoClose private Pushgateway gateway;

  @BeforeEach
  void start(@TempDir Path ownFolder) throws Exception {
    folder = ownFolder;
    gateway = Pushgateway.start();
  }

  @Test
  void run_goodRows_successesAndTimeArrive() throws Exception {
    double before = System.currentTimeMillis() / 1000.0;

    assertThat(run(GOOD.repeat(5)).status()).isZero();

    assertThat(gateway.http().metric(SUCCESSES)).isEqualTo(5);
    assertThat(gateway.http().metric(ERRORS)).isZero();
    assertThat(gateway.http().metric(LAST_SUCCESS))
        .isBetween(before, System.currentTimeMillis() / 1000.0);
  }

  @Test
  void run_rowsFail_errorsArriveAndLastSuccessStays() throws Exception {
    run(GOOD.repeat(5));
    double lastSuccess = gateway.http().metric(LAST_SUCCESS);

    Ended failed = run(GOOD + "1,2\n" + GOOD + "1,2,3,four\n");

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.output())
        .contains("Cannot score \"1,2\": it has 2 values, and the model takes 4")
        .contains("Cannot score \"1,2,3,four\": \"four\" is not a number");
    assertThat(gateway.http().metric(SUCCESSES)).isEqualTo(2);
    assertThat(gateway.http().metric(ERRORS)).isEqualTo(2);
    assertThat(gateway.http().metric(LAST_SUCCESS)).isEqualTo(lastSuccess);
  }

  @Test
  void run_rowsFailFirst_noTimeOfASuccess() throws Exception {
    assertThat(run("1,2\n").status()).isEqualTo(1);

    assertThat(gateway.http().metric(ERRORS)).isEqualTo(1);
    assertThat(gateway.http().get("/metrics").body()).doesNotContain("batch_job_last_success");
  }

  @Test
  void run_user_passwordComesFromTheEnvironment() throws Exception {
    Path users =
        Files.writeString(folder.resolve("users.yml"), "basic_auth_users: {job: " + HASH + "}");
    try (Pushgateway guarded = Pushgateway.start("--web.config.file=" + users)) {
      Ended right = run(job(guarded, GOOD, "--user=job"), Map.of(Main.PASSWORD, "open sesame"));
      Ended wrong = run(job(guarded, GOOD, "--user=job"), Map.of(Main.PASSWORD, "open barley"));

      assertThat(right.status()).isZero();
      assertThat(wrong.status()).isEqualTo(2);
      assertThat(wrong.output()).contains("Cannot push to " + guarded.address(), "401");
      assertThat(wrong.output()).doesNotContain("barley");
    }
  }

  @Test
  void run_httpsToPlainPushgateway_nothingIsSent() throws Exception {
    Ended run = run(job(gateway, GOOD, "--https"), Map.of());

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.output()).contains("Cannot push to " + gateway.address(), "SSL");
  }

  private Ended run(String rows) throws IOException, InterruptedException {
    return run(job(gateway, rows), Map.of());
  }

  private static Ended run(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    return ChildProcess.run(LIMIT, builder);
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
