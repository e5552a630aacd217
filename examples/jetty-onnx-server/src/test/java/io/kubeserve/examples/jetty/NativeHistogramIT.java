package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.servlet.MetricsServlet;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a real Prometheus makes of native histograms and exemplars; the tracer is made up. */
@RequiresProgram("prometheus")
class NativeHistogramIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int PREDICTIONS = 1000;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder()
          .registry(registry)
          .nativeHistogram(true)
          .spanContext(new FixedSpan())
          .build()
          .recorder();
  private final Server server = new Server();
  private String url = "";

  /** The current span of every thread. */
  private static final class FixedSpan implements SpanContext {
    static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";

    @Override
    public String getCurrentTraceId() {
      return Thread.currentThread().getName().equals("other") ? "wrong" : TRACE_ID;
    }

    @Override
    public String getCurrentSpanId() {
      return "00f067aa0ba902b7";
    }

    @Override
    public boolean isCurrentSpanSampled() {
      return true;
    }

    @Override
    public void markCurrentSpanAsExemplar() {}
  }

  @BeforeEach
  void start() throws Exception {
    ServerConnector connector = new ServerConnector(server);
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler();
    context.addServlet(new ServletHolder(new MetricsServlet(registry)), "/metrics");
    server.setHandler(context);
    server.start();
    url = "http://127.0.0.1:" + connector.getLocalPort();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  /** Latencies of 1, 2 … 1000 ms. */
  private void load() {
    for (int i = 1; i <= PREDICTIONS; i++) {
      recorder.record(Duration.ofMillis(i), Status.SUCCESS);
    }
  }

  @Test
  void prometheus_withNativeHistograms_answersByThem(@TempDir Path folder) throws Exception {
    try (Prometheus prometheus =
        Prometheus.scraping(url, folder, "--enable-feature=native-histograms")) {
      await()
          .atMost(LIMIT)
          .until(() -> prometheus.value("histogram_count(prediction_latency_ms)") == 0);
      load();
      await()
          .atMost(LIMIT)
          .until(() -> prometheus.value("histogram_count(prediction_latency_ms)") == PREDICTIONS);

      assertThat(prometheus.value("histogram_sum(prediction_latency_ms)"))
          .isEqualTo(PREDICTIONS * (PREDICTIONS + 1) / 2.0);
      for (double quantile : new double[] {0.5, 0.95, 0.99}) {
        double exact = quantile * PREDICTIONS;
        // Prometheus interpolates within a bucket, so it may be off by a whole bucket's width.
        assertThat(
                prometheus.value(
                    "histogram_quantile(%s, prediction_latency_ms)".formatted(quantile)))
            .isCloseTo(exact, within(2 * LatencySnapshot.RELATIVE_ERROR * exact));
        assertThat(
                prometheus.value(
                    "histogram_quantile(%s, rate(prediction_latency_ms[5m]))".formatted(quantile)))
            .isCloseTo(exact, within(2 * LatencySnapshot.RELATIVE_ERROR * exact));
      }
    }
  }

  @Test
  void prometheus_without_getsTheClassicBuckets(@TempDir Path folder) throws Exception {
    load();
    try (Prometheus prometheus = Prometheus.scraping(url, folder)) {
      await()
          .atMost(LIMIT)
          .until(
              () -> prometheus.value("prediction_latency_ms_bucket{le=\"+Inf\"}") == PREDICTIONS);

      assertThat(prometheus.value("prediction_latency_ms_bucket{le=~\"100(.0)?\"}")).isEqualTo(100);
      assertThat(prometheus.query("prediction_latency_ms_bucket").size()).isEqualTo(9);
    }
  }

  @Test
  void prometheus_returnsTheExemplarOfAPredictionThatChangedThreads(@TempDir Path folder)
      throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    recorder.timeAsync(() -> stage);
    Thread other = new Thread(() -> stage.complete("label"), "other");
    other.start();
    other.join();

    try (Prometheus prometheus =
        Prometheus.scraping(url, folder, "--enable-feature=exemplar-storage")) {
      for (String series : new String[] {"prediction_latency_ms_bucket", "predictions_total"}) {
        await().atMost(LIMIT).until(() -> exemplars(prometheus, series).size() == 1);
        JsonNode exemplar = exemplars(prometheus, series).get(0).get("exemplars").get(0);
        assertThat(exemplar.get("labels").get("trace_id").asString()).isEqualTo(FixedSpan.TRACE_ID);
      }
    }
  }

  private static JsonNode exemplars(Prometheus prometheus, String series) {
    long now = System.currentTimeMillis() / 1000;
    return prometheus.api(
        "query_exemplars?query=%s&start=%d&end=%d"
            .formatted(Prometheus.encode(series), now - 300, now + 60));
  }
}
