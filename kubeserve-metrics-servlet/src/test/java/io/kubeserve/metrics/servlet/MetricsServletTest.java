package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import jakarta.servlet.Servlet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsServletTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

  @TempDir private Path folder = Path.of("");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Counter counter = Counter.builder().name("apples_total").register(registry);

  private static RunningServer start(Container container, Servlet servlet) throws Exception {
    return container.start(context -> ContractApp.addServlet(context, servlet, "/metrics"));
  }

  private RunningServer start(Container container) throws Exception {
    return start(container, new MetricsServlet(registry));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @EnumSource
  void get_answersTheTextFormat_neverCached(Container container) throws Exception {
    counter.inc(3);
    try (RunningServer server = start(container)) {
      HttpResponse<String> response = server.get("/metrics");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(header(response, "Content-Type").replace(" ", ""))
          .isEqualTo("text/plain;version=0.0.4;charset=utf-8");
      assertThat(header(response, "Content-Length"))
          .isEqualTo(Integer.toString(response.body().length()));
      assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
      assertThat(header(response, "Vary")).isEqualTo("Accept, Accept-Encoding");
      assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(response.body()).contains("apples_total 3.0\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void accept_choosesTheFormat(Container container) throws Exception {
    try (RunningServer server = start(container)) {
      HttpResponse<String> openMetrics =
          server.send(server.request("/metrics").header("Accept", OPEN_METRICS).build());
      HttpResponse<String> protobuf =
          server.send(server.request("/metrics").header("Accept", PROTOBUF).build());

      assertThat(header(openMetrics, "Content-Type")).startsWith("application/openmetrics-text");
      assertThat(openMetrics.body()).endsWith("# EOF\n");
      assertThat(header(protobuf, "Content-Type")).contains("io.prometheus.client.MetricFamily");
    }
  }

  @ParameterizedTest
  @EnumSource
  void acceptEncoding_gzip_compresses(Container container) throws Exception {
    try (RunningServer server = start(container)) {
      HttpResponse<byte[]> response =
          server.bytes(server.request("/metrics").header("Accept-Encoding", "gzip").build());

      assertThat(header(response, "Content-Encoding")).isEqualTo("gzip");
      assertThat(header(response, "Content-Length"))
          .isEqualTo(Integer.toString(response.body().length));
      GZIPInputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(response.body()));
      assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8))
          .contains("apples_total 0.0\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void names_restrictTheScrape(Container container) throws Exception {
    Counter.builder().name("pears_total").register(registry);
    try (RunningServer server = start(container)) {
      String body = server.get("/metrics?name%5B%5D=pears&name%5B%5D=nothing").body();

      assertThat(body).contains("pears_total").doesNotContain("apples", "metrics_collectors");
    }
  }

  @ParameterizedTest
  @EnumSource
  void head_answersTheHeadersOfAGet(Container container) throws Exception {
    try (RunningServer server = start(container)) {
      HttpResponse<String> get = server.get("/metrics");
      HttpResponse<String> head = server.send("HEAD", "/metrics");

      assertThat(head.statusCode()).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(header(head, "Content-Length")).isEqualTo(header(get, "Content-Length"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "FOO"})
  void method_otherThanGetAndHead_isRefused(String method) throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      HttpResponse<String> response = server.send(method, "/metrics");

      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(header(response, "Allow")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  void parameter_thatIsWrong_isTheClientsFault() throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.get("/metrics?debug=nonsense").statusCode()).isEqualTo(400);
    }
  }

  @Test
  void collector_thatThrows_isLeftOut_counted_andTheRestIsServed() throws Exception {
    registry.register(throwing());
    registry.register(
        new MultiCollector() {
          @Override
          public MetricSnapshots collect() {
            throw new StackOverflowError("broken, too");
          }
        });
    GaugeWithCallback.builder()
        .name("broken_gauge")
        .callback(
            callback -> {
              throw new IllegalStateException("a callback that throws");
            })
        .register(registry);
    counter.inc();
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.get("/metrics").body())
          .contains("apples_total 1.0\n", "metrics_collectors_failed_total 3.0\n");
      assertThat(server.get("/metrics?name[]=apples").body())
          .contains("apples_total 1.0\n")
          .doesNotContain("metrics_collectors_failed_total");
      assertThat(server.get("/metrics?name[]=metrics_collectors_failed_total").body())
          .contains("metrics_collectors_failed_total");
    }
  }

  private static Collector throwing() {
    return () -> {
      throw new IllegalStateException("broken");
    };
  }

  @Test
  void collector_withANameThatIsTaken_isLeftOut() throws Exception {
    registry.register(
        new Collector() {
          @Override
          public MetricSnapshot collect() {
            return counter.collect();
          }
        });
    counter.inc();
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.get("/metrics").body())
          .containsOnlyOnce("apples_total 1.0\n")
          .contains("metrics_collectors_failed_total 1.0\n");
    }
  }

  @Test
  void collectors_ofOneNameWithoutACommonSeries_areNotLeftOut_whereClientJavaAllowsThem()
      throws Exception {
    registry.register(throwing());
    registry.register(fruit("red"));
    registry.register(fruit("green"));
    try (RunningServer server = start(Container.JETTY)) {
      String body = server.get("/metrics").body();

      assertThat(body).contains("fruit{color=\"red\"} 1.0\n", "apples_total 0.0\n");
      if (!System.getProperty("client_java.version").equals("1.2.1")) {
        assertThat(body).contains("fruit{color=\"green\"} 1.0\n");
      }
    }
  }

  private static Collector fruit(String color) {
    return () ->
        new GaugeSnapshot(
            new MetricMetadata("fruit", "help"),
            List.of(new GaugeDataPointSnapshot(1, Labels.of("color", color), null)));
  }

  @Test
  void scrapes_beyondTheLimit_areToldToComeBack() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger collecting = new AtomicInteger();
    registry.register(
        (Collector)
            () -> {
              collecting.incrementAndGet();
              awaitUninterrupted(release);
              return null;
            });
    try (RunningServer server =
        start(
            Container.JETTY,
            MetricsServlet.builder().registry(registry).maxConcurrentScrapes(2).build())) {
      Thread[] scrapers = {new Thread(() -> get(server)), new Thread(() -> get(server))};
      for (Thread scraper : scrapers) {
        scraper.start();
      }
      await().until(() -> collecting.get() == 2);

      HttpResponse<String> refused = server.get("/metrics");
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(header(refused, "Retry-After")).isEqualTo("1");

      release.countDown();
      for (Thread scraper : scrapers) {
        scraper.join();
      }
      await().until(() -> server.get("/metrics").statusCode() == 200);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void get(RunningServer server) {
    try {
      server.get("/metrics");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void token_ofAFile_isAskedFor(Container container) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "s3cret\n");
    try (RunningServer server =
        start(
            container, MetricsServlet.builder().registry(registry).bearerTokenFile(file).build())) {
      HttpResponse<String> without = server.get("/metrics?token=s3cret");

      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(header(without, "WWW-Authenticate")).startsWith("Bearer");
      assertThat(without.body()).doesNotContain("s3cret", "apples");
      assertThat(statusWith(server, "Bearer wrong")).isEqualTo(401);
      assertThat(statusWith(server, "Basic s3cret")).isEqualTo(401);
      assertThat(statusWith(server, "Bearer")).isEqualTo(401);
      assertThat(statusWith(server, "bearer s3cret")).isEqualTo(200);
      assertThat(statusWith(server, "Bearer s3cret")).isEqualTo(200);
    }
  }

  private static int statusWith(RunningServer server, String authorization) throws Exception {
    return server
        .send(server.request("/metrics").header("Authorization", authorization).build())
        .statusCode();
  }

  @Test
  void configuration_thatIsWrong_isRefusedWithASentence() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty"), " \n");
    assertThatThrownBy(() -> MetricsServlet.builder().maxConcurrentScrapes(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 1, not 0");
    assertThatThrownBy(() -> MetricsServlet.builder().bearerTokenFile(empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is empty: write the token to it");
    assertThatThrownBy(() -> MetricsServlet.builder().bearerTokenFile(folder.resolve("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read: mount it");
    assertThatThrownBy(() -> MetricsServlet.builder().bearerTokenVariable("NO_SUCH_VARIABLE"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NO_SUCH_VARIABLE of the bearer token is not set");
    assertThatThrownBy(
            () ->
                MetricsServlet.builder()
                    .bearerTokenFile(Files.writeString(folder.resolve("token"), "t"))
                    .bearerTokenVariable("PATH"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not from both");
  }
}
