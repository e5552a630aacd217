package io.kubeserve.metrics.servlet;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.SummaryJson;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.DispatcherType;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jetty.ee11.servlet.FilterHolder;
import org.eclipse.jetty.ee11.servlet.ServletContextHandler;
import org.eclipse.jetty.ee11.servlet.ServletHolder;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Any method, query and headers of a scrape, a summary and the live page, in a real Jetty. */
class ScrapeFuzzTest {
  private static final List<String> PATHS =
      List.of("/metrics", "/metrics", "/metrics/summary", "/live/samples");

  private static final int INTERNAL_SERVER_ERROR = 500;

  private static final Server SERVER = new Server();
  private static final LocalConnector CONNECTOR = new LocalConnector(SERVER);
  private static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

  @BeforeAll
  static void start() throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(REGISTRY).build();
    metrics.recorder().time(() -> "output");
    HttpMetrics http = HttpMetrics.builder().registry(REGISTRY).build();
    ServletContextHandler context = new ServletContextHandler();
    context.addFilter(
        new FilterHolder(HttpMetricsFilter.builder(http).build()),
        "/*",
        EnumSet.of(DispatcherType.REQUEST));
    context.addServlet(new ServletHolder(new MetricsServlet(REGISTRY)), "/metrics");
    context.addServlet(
        new ServletHolder(new SummaryServlet(new SummaryJson(metrics))), "/metrics/summary");
    context.addServlet(
        new ServletHolder(new LivePageServlet(LivePage.builder(metrics).build())), "/live/*");
    SERVER.setHandler(context);
    SERVER.addConnector(CONNECTOR);
    SERVER.start();
  }

  @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
  @DictionaryEntries({
    "name[]=",
    "name%5B%5D=predictions_total",
    "prediction_latency_ms_bucket",
    "after=1",
    "Accept: application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4",
    "Accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
    "escaping=allow-utf-8",
    "Accept-Encoding: gzip;q=0",
    "Authorization: Basic ",
    "X-Prometheus-Scrape-Timeout-Seconds: 1",
    "If-None-Match: ",
    "HEAD",
    "OPTIONS"
  })
  void scrape_whateverIsAsked_isNoFailure(byte[] input) throws Exception {
    int status = statusOf(CONNECTOR.getResponse(request(input)));
    assertThat(status).isNotEqualTo(INTERNAL_SERVER_ERROR);
  }

  /** The first line is the method, the second the query, the others are headers. */
  private static ByteBuffer request(byte[] input) {
    List<String> lines = lines(input);
    String method = lines.get(0).replaceAll("[^A-Za-z]", "");
    String query = lines.size() > 1 ? lines.get(1).replaceAll("[\\s#]", "") : "";
    String headers =
        lines.stream()
            .skip(2)
            .filter(line -> !line.isBlank())
            .map(line -> line + "\r\n")
            .collect(Collectors.joining());
    String path = PATHS.get(input.length % PATHS.size());
    return ByteBuffer.wrap(
        "%s %s?%s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n%s\r\n"
            .formatted(method.isEmpty() ? "GET" : method, path, query, headers)
            .getBytes(ISO_8859_1));
  }

  private static List<String> lines(byte[] input) {
    return List.of(new String(input, ISO_8859_1).replace("\r", "").split("\n", -1));
  }

  private static int statusOf(ByteBuffer response) {
    String start = ISO_8859_1.decode(response.slice(0, Math.min(12, response.limit()))).toString();
    assertThat(start).startsWith("HTTP/1.1 ");
    return Integer.parseInt(start.substring("HTTP/1.1 ".length()));
  }

  @AfterAll
  static void stop() throws Exception {
    try {
      ByteBuffer scrape =
          CONNECTOR.getResponse(
              ByteBuffer.wrap(
                  "GET /metrics HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                      .getBytes(ISO_8859_1)));
      assertThat(statusOf(scrape)).isEqualTo(200);
      assertThat(series()).hasSizeLessThan(1_000);
    } finally {
      SERVER.stop();
    }
  }

  /** Whatever methods were made up share one label. */
  private static Set<String> series() {
    return REGISTRY.scrape().stream()
        .flatMap(
            family ->
                family.getDataPoints().stream()
                    .map(point -> family.getMetadata().getName() + point.getLabels()))
        .collect(Collectors.toSet());
  }
}
