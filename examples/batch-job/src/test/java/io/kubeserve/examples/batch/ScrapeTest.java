package io.kubeserve.examples.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.Pushgateway;
import io.kubeserve.testing.RequiresProgram;
import io.prometheus.metrics.exporter.pushgateway.PushGateway;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Prometheus scrapes a real Pushgateway as the guide says, and answers its query. */
@RequiresProgram({"prometheus", "prometheus-pushgateway"})
class ScrapeTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @Test
  void guide_configurationAndQuery_tellSecondsSinceTheLastSuccess(@TempDir Path folder)
      throws Exception {
    String query = Guide.blocks("promql").get(0).strip();
    try (Pushgateway gateway = Pushgateway.start();
        Prometheus prometheus =
            Prometheus.start(configuration(gateway), folder.resolve("prometheus"))) {
      new BatchJob(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()))
          .run(List.of("1,2,3,4"), PushGateway.builder().address(gateway.address()).job("nightly"));

      await().atMost(LIMIT).until(() -> prometheus.query(query).size() == 1);
      assertThat(prometheus.value(query)).isBetween(0.0, (double) LIMIT.toSeconds());
    }
  }

  private static String configuration(Pushgateway gateway) throws Exception {
    return "global: {scrape_interval: 1s}\n"
        + Guide.blocks("yaml").get(0).replace("pushgateway:9091", gateway.address());
  }
}
