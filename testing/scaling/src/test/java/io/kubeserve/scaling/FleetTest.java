package io.kubeserve.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.ProjectFiles;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small fleet in a real Prometheus, which the measurements of {@link ScalingIT} rest on. */
@RequiresProgram("prometheus")
class FleetTest {
  static final Path RULES = ProjectFiles.of("prometheus/kubeserve.rules.yaml");

  /**
   * {@code up}, the duration of the scrape and three counts of its samples, which Prometheus adds;
   * and the count of collectors that failed, which {@code MetricsServlet} adds.
   */
  private static final int SERIES_OF_A_TARGET = 6;

  private static final int PODS = 20;
  private static final int PREDICTIONS = 9;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void prometheus_hasEverySeriesAndEveryPrediction(@TempDir Path folder) throws Exception {
    Path own = Files.writeString(folder.resolve("own.yaml"), rulesOfThePage());
    try (Fleet fleet = new Fleet(PODS, Shape.EXAMPLE);
        Prometheus prometheus = Prometheus.start(fleet.configuration(1, RULES, own), folder)) {
      await().atMost(LIMIT).until(() -> prometheus.value("sum(up)") == PODS);
      fleet.predict(PREDICTIONS);

      // Each pod answers one when it is made.
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  prometheus.value("sum(predictions_total{status=\"success\"})")
                      == PODS * (1.0 + PREDICTIONS));
      long series = Size.of(Shape.EXAMPLE).series() + SERIES_OF_A_TARGET;
      assertThat(prometheus.value("count(count by (pod) ({job=\"models\"}) == " + series + ")"))
          .isEqualTo(PODS);
      await()
          .atMost(LIMIT)
          .until(() -> prometheus.value("count(deployment:predictions_slow:ratio_rate5m)") == 2);
      await()
          .atMost(LIMIT)
          .until(() -> prometheus.value("min(deployment:prediction_latency_ms:p95_5m)") > 0);
    }
  }

  private static String rulesOfThePage() throws IOException {
    String page = Files.readString(SeriesFileTest.PAGE.file());
    int start = page.indexOf("groups:");
    return page.substring(start, page.indexOf("```", start)).replaceAll("(?m)^  ", "");
  }

  @Test
  void prometheus_withNativeHistograms_hasOneSeriesForTheLatency(@TempDir Path folder)
      throws Exception {
    try (Fleet fleet = new Fleet(PODS, Shape.EXAMPLE.withNativeHistogram());
        Prometheus prometheus =
            Prometheus.start(
                fleet.configuration(1, RULES), folder, "--enable-feature=native-histograms")) {
      await().atMost(LIMIT).until(() -> prometheus.value("sum(up)") == PODS);

      assertThat(prometheus.value("count({__name__=~\"prediction_latency_ms.*\"})"))
          .isEqualTo(PODS);
      assertThat(prometheus.value("sum(histogram_count(prediction_latency_ms))"))
          .isEqualTo(prometheus.value("sum(predictions_total)"));
    }
  }
}
