package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import io.kubeserve.testing.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes the real server and answers the queries of the documentation. */
@RequiresProgram({"prometheus", "promtool"})
class PrometheusIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int SUCCESSES = 30;
  private static final int ERRORS = 10;

  @Test
  void prometheus_answersTheExampleQueries(@TempDir Path folder) throws Exception {
    try (RunningServer server = new RunningServer();
        Prometheus prometheus = Prometheus.scraping(server.http().url(), folder)) {
      // Rates need a scrape before the load: every series is there at 0 from the start.
      await().atMost(LIMIT).until(() -> prometheus.query("predictions_total").size() == 2);
      load(server.http());
      await()
          .atMost(LIMIT)
          .until(() -> prometheus.value("sum(predictions_total)") == SUCCESSES + ERRORS);

      double sum = server.http().metric("prediction_latency_ms_sum");
      assertThat(
              prometheus.value(
                  "rate(prediction_latency_ms_sum[5m]) / rate(prediction_latency_ms_count[5m])"))
          .isCloseTo(sum / (SUCCESSES + ERRORS), within(1e-9));
      assertThat(
              prometheus.value("histogram_quantile(0.95, rate(prediction_latency_ms_bucket[5m]))"))
          .isCloseTo(p95(server.http()), within(1e-9));
      // As it is written in the documentation: each series is divided by itself.
      assertThat(
              prometheus.value(
                  "rate(predictions_total{status=\"success\"}[5m]) / rate(predictions_total[5m])"))
          .isEqualTo(1);
      // As it is meant.
      assertThat(
              prometheus.value(
                  "sum(rate(predictions_total{status=\"success\"}[5m])) / sum(rate(predictions_total[5m]))"))
          .isCloseTo((double) SUCCESSES / (SUCCESSES + ERRORS), within(1e-9));
    }
  }

  private static void load(Http http) {
    for (int i = 0; i < SUCCESSES; i++) {
      assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
    }
    for (int i = 0; i < ERRORS; i++) {
      assertThat(http.predict(Http.NARROW_ROW).statusCode()).isEqualTo(422);
    }
  }

  /** What linear interpolation within the buckets of the scrape makes of the 95th percentile. */
  private static double p95(Http http) {
    double rank = 0.95 * (SUCCESSES + ERRORS);
    double lower = 0;
    double below = 0;
    for (double upper : new double[] {10, 50, 100, 200, 500, 1000, 2000, 5000}) {
      double count = http.metric("prediction_latency_ms_bucket{le=\"" + upper + "\"}");
      if (count >= rank) {
        return lower + (upper - lower) * (rank - below) / (count - below);
      }
      lower = upper;
      below = count;
    }
    return lower;
  }

  @Test
  void promtool_acceptsTheScrape_butForTheUnitOfTheContract(@TempDir Path folder) throws Exception {
    String scrape;
    try (RunningServer server = new RunningServer()) {
      server.http().predict(Http.ONE_ROW);
      scrape = server.http().get("/metrics").body();
    }
    Path file = Files.writeString(folder.resolve("scrape"), scrape);
    ProcessBuilder promtool =
        new ProcessBuilder("promtool", "check", "metrics").redirectInput(file.toFile());

    // The contract fixes the unit of the first; its stages are to be read beside it.
    assertThat(ChildProcess.run(LIMIT, promtool).output().lines())
        .containsExactly(
            "prediction_latency_ms metric names should not contain abbreviated units",
            "prediction_stage_latency_ms metric names should not contain abbreviated units");
  }
}
