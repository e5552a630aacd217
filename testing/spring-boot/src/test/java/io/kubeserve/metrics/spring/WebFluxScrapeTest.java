package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The scrape of WebFlux is what MetricsServlet is to servlets. */
@Tag("client-java")
@Tag("webflux")
class WebFluxScrapeTest {
  private static final int LARGE_BYTES = 10_000_000;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    /** For readers that are slow. */
    @Bean
    RouterFunction<ServerResponse> impatient(PrometheusRegistry registry) {
      return RouterFunctions.route(
          RequestPredicates.path("/impatient"), new WebFluxScrape(registry, Duration.ofSeconds(5)));
    }

    /** For readers that are not, on a machine that is. */
    @Bean
    RouterFunction<ServerResponse> patient(PrometheusRegistry registry) {
      return RouterFunctions.route(
          RequestPredicates.path("/patient"), new WebFluxScrape(registry, Duration.ofMinutes(2)));
    }
  }

  private ConfigurableApplicationContext context;
  private PrometheusRegistry registry;

  @BeforeEach
  void start() {
    context =
        WebTest.Stack.WEBFLUX.start(
            Application.class, "management.prometheus.metrics.export.enabled=false");
    registry = context.getBean(PrometheusRegistry.class);
    context.getBean(PredictionRecorder.class).run(() -> {});
  }

  @AfterEach
  void stop() {
    context.close();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create(
                "http://127.0.0.1:"
                    + context.getEnvironment().getProperty("local.server.port")
                    + path))
        .timeout(Duration.ofMinutes(2));
  }

  private static HttpResponse<byte[]> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return CLIENT.send(request.build(), BodyHandlers.ofByteArray());
  }

  private static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static Collector collector(Supplier<MetricSnapshot> snapshot) {
    return snapshot::get;
  }

  @Test
  void collectorThatThrows_isLeftOut_counted_andTheRestIsServed() throws Exception {
    registry.register(
        collector(
            () -> {
              throw new IllegalStateException("foreign");
            }));

    HttpResponse<byte[]> scrape = send(request("/metrics"));

    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(text(scrape))
        .contains("predictions_total{status=\"success\"} 1.0")
        .contains("metrics_collectors_failed_total 1.0");
  }

  @Test
  void names_restrictTheScrape() throws Exception {
    assertThat(text(send(request("/metrics?name%5B%5D=predictions_total"))))
        .contains("predictions_total")
        .doesNotContain("prediction_latency_ms");
  }

  /** Of Boot 3 and of Boot 4. */
  private boolean isOnNetty() throws ReflectiveOperationException {
    Object server = context.getClass().getMethod("getWebServer").invoke(context);
    return server.getClass().getSimpleName().equals("NettyWebServer");
  }

  /** As MetricsServlet: Java's client sends no such query, so it goes down a socket. */
  @Test
  void queryThatIsWrong_isTheClientsFault() throws Exception {
    assumeThat(isOnNetty()).as("on servlet containers Spring 6.2 leaves such a query out").isTrue();
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), request("/").build().uri().getPort())) {
      socket.setSoTimeout(120_000);
      socket
          .getOutputStream()
          .write(
              "GET /metrics?name%5B%5D=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 400");
    }
  }

  @Test
  void acceptAndAcceptEncoding_choose() throws Exception {
    HttpResponse<byte[]> scrape =
        send(
            request("/metrics")
                .header("Accept", "application/openmetrics-text; version=1.0.0")
                .header("Accept-Encoding", "gzip"));

    assertThat(scrape.headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("application/openmetrics-text"));
    assertThat(scrape.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(scrape.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(scrape.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    try (InputStream unzipped = new GZIPInputStream(new ByteArrayInputStream(scrape.body()))) {
      assertThat(new String(unzipped.readAllBytes(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
    }
  }

  @Test
  void head_answersTheHeadersOfAGet() throws Exception {
    HttpResponse<byte[]> get = send(request("/metrics?name%5B%5D=predictions_total"));
    HttpResponse<byte[]> head =
        send(
            request("/metrics?name%5B%5D=predictions_total")
                .method("HEAD", BodyPublishers.noBody()));

    assertThat(head.statusCode()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
    assertThat(head.headers().firstValue("Content-Length"))
        .isEqualTo(get.headers().firstValue("Content-Length"))
        .isPresent();
    assertThat(head.headers().firstValue("Content-Type"))
        .isEqualTo(get.headers().firstValue("Content-Type"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "INVENTED"})
  void method_otherThanGetAndHead_isRefused(String method) throws Exception {
    HttpResponse<byte[]> refused =
        send(request("/metrics").method(method, BodyPublishers.noBody()));

    assertThat(refused.statusCode()).isEqualTo(405);
    assertThat(refused.headers().firstValue("Allow")).contains("GET, HEAD");
  }

  @Test
  void scrapesBeyondTheLimit_areToldToComeBack() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch underWay = new CountDownLatch(4);
    registry.register(
        collector(
            () -> {
              underWay.countDown();
              try {
                goOn.await(60, TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return new GaugeSnapshot(new MetricMetadata("slow"), List.of());
            }));
    List<CompletableFuture<HttpResponse<byte[]>>> scrapes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      scrapes.add(CLIENT.sendAsync(request("/metrics").build(), BodyHandlers.ofByteArray()));
    }
    assertThat(underWay.await(60, TimeUnit.SECONDS)).isTrue();

    HttpResponse<byte[]> refused = send(request("/metrics"));
    goOn.countDown();

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).contains("1");
    assertThat(scrapes).allSatisfy(scrape -> assertThat(scrape.join().statusCode()).isEqualTo(200));
    assertThat(send(request("/metrics")).statusCode()).isEqualTo(200);
  }

  /** Makes a scrape of more than LARGE_BYTES. */
  private void registerLarge() {
    String padding = "x".repeat(100);
    List<GaugeSnapshot.GaugeDataPointSnapshot> points =
        IntStream.range(0, LARGE_BYTES / 100)
            .mapToObj(
                i ->
                    new GaugeSnapshot.GaugeDataPointSnapshot(
                        i, Labels.of("label", padding + i), null))
            .toList();
    registry.register(collector(() -> new GaugeSnapshot(new MetricMetadata("large"), points)));
  }

  @Test
  void largeScrape_arrivesWhole_asOftenAsItIsAskedFor() throws Exception {
    registerLarge();
    assertThat(text(send(request("/patient"))).lines().filter(line -> line.startsWith("large{")))
        .doesNotHaveDuplicates()
        .hasSize(LARGE_BYTES / 100);

    // More in all than may be on its way at a time.
    int mostUnsent = WebFluxScrape.MAX_UNSENT_KIBIBYTES * WebFluxScrape.BYTES_PER_KIBIBYTE;
    for (int bytes = 0; bytes <= mostUnsent; bytes += LARGE_BYTES) {
      assertThat(send(request("/patient")).statusCode()).isEqualTo(200);
    }
  }

  private Socket slowReader(String path) throws IOException {
    Socket reader = new Socket();
    reader.setReceiveBufferSize(1024);
    reader.setSoTimeout(120_000);
    reader.connect(
        new InetSocketAddress(
            InetAddress.getLoopbackAddress(), request("/").build().uri().getPort()));
    reader
        .getOutputStream()
        .write(
            "GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
                .formatted(path)
                .getBytes(StandardCharsets.US_ASCII));
    return reader;
  }

  /** What the kernel still had of the answer when the server closed the connection. */
  private static long bytesLeft(Socket reader) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long bytes = 0;
    try {
      for (int read = 0; read >= 0; read = reader.getInputStream().read(buffer)) {
        bytes += read;
      }
    } catch (SocketException reset) {
      // Closed, too.
    }
    return bytes;
  }

  @Test
  void readerThatIsSlow_isCutOff() throws Exception {
    registerLarge();
    try (Socket reader = slowReader("/impatient")) {
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () ->
                  assertThat(
                          Samples.of(registry)
                              .value(
                                  "http_requests_total",
                                  Map.of(
                                      "handler", "/impatient", "method", "GET", "status", "2xx")))
                      .isEqualTo(1));

      assertThat(bytesLeft(reader)).isLessThan(LARGE_BYTES);
    }
  }

  @Test
  void readersThatAreSlow_takeNothingFromOthers() throws Exception {
    registerLarge();
    List<Socket> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 12; i++) {
        readers.add(slowReader("/impatient"));
      }
      // Together they ask for more than the limit; what each holds is given back in time. On a busy
      // machine the time may be out for this reader, too: it is cut off, and asks again.
      await()
          .atMost(Duration.ofMinutes(2))
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> send(request("/impatient")).body().length > LARGE_BYTES);
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
  }

  @Test
  void clientsThatLeave_makeNoRoomForMoreScrapes() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch underWay = new CountDownLatch(4);
    AtomicInteger scrapes = new AtomicInteger();
    registry.register(
        collector(
            () -> {
              scrapes.incrementAndGet();
              underWay.countDown();
              while (goOn.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
                boolean unused = Thread.interrupted();
              }
              return new GaugeSnapshot(new MetricMetadata("slow"), List.of());
            }));
    for (int i = 0; i < 4; i++) {
      try (Socket reader = slowReader("/metrics")) {
        int begun = 4 - i;
        await().atMost(Duration.ofMinutes(1)).until(() -> underWay.getCount() < begun);
        reader.setSoLinger(true, 0);
      }
    }

    assertThat(send(request("/metrics")).statusCode()).isEqualTo(503);
    assertThat(scrapes).hasValue(4);
    goOn.countDown();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> send(request("/metrics")).statusCode() == 200);
  }
}
