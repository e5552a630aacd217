package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LivePageServletTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** As the page's Javadoc has them. */
  private static final int MAX_MODELS = 32;

  private static final int MAX_VIEWERS = 16;

  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build();

  private RunningServer start(Container container) throws Exception {
    return start(container, LivePageServlet.builder(LivePage.builder(metrics).build()));
  }

  private static RunningServer start(Container container, LivePageServletBuilder builder)
      throws Exception {
    return container.start(
        "/app", context -> ContractApp.addServlet(context, builder.build(), "/live/*"));
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @EnumSource
  void page_withoutSlash_leadsToTheOneWith(Container container) throws Exception {
    try (RunningServer server = start(container)) {
      HttpResponse<String> response = server.get("/live");

      assertThat(response.statusCode()).isEqualTo(302);
      assertThat(header(response, "Location")).isEqualTo("live/");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/, text/html",
    "/page.js, text/javascript",
    "/history.js, text/javascript",
    "/charts.js, text/javascript",
    "/text.js, text/javascript",
    "/page.css, text/css",
    "/icon.svg, image/svg+xml",
    "/uplot.js, text/javascript",
    "/uplot.css, text/css",
    "/links, application/json",
    "/samples, application/json",
  })
  void file_isServedWithItsTypeAndAStrictPolicy(String path, String type) throws Exception {
    for (Container container : Container.values()) {
      try (RunningServer server = start(container)) {
        HttpResponse<String> response = server.get("/live" + path);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Content-Type")).startsWith(type);
        assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
        assertThat(header(response, "Content-Security-Policy"))
            .startsWith("default-src 'none'; script-src 'self';")
            .doesNotContain("unsafe");
        assertThat(server.send("HEAD", "/live" + path).body()).isEmpty();
      }
    }
  }

  @Test
  void page_hasNothingInline() throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.get("/live/").body())
          .doesNotContainPattern("<script(?! src=)|<style|\\son[a-z]+=|\\sstyle=|https?:");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nothing", "/../LivePage.class", "/%2e%2e/x", "/index.html", "/samples/"})
  void otherPath_isNotFound(String path) throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.get("/live" + path).statusCode()).isBetween(400, 404);
    }
  }

  @Test
  void samples_comeEachSecond_andStopWithTheServer() throws Exception {
    metrics.recorder("iris", "1").run(() -> {});
    try (RunningServer server = start(Container.JETTY)) {
      await().atMost(LIMIT).until(() -> samples(server, -1).at("/times_ms").size() >= 2);

      JsonNode samples = samples(server, 0);
      assertThat(samples.at("/first").asInt()).isEqualTo(1);
      assertThat(samples.at("/models/0/model").asString()).isEqualTo("iris");
      // Those of servers that were stopped before may still be about to end.
      await().atMost(LIMIT).until(() -> samplers() == 1);
    }
    await().atMost(LIMIT).until(() -> samplers() == 0);
  }

  private static JsonNode samples(RunningServer server, long after) throws Exception {
    return JSON.readTree(server.get("/live/samples?after=" + after).body());
  }

  private static long samplers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("kubeserve-live-page"))
        .count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "1.5", "99999999999999999999", "%00", ""})
  void after_notANumber_isRefusedWithASentence(String after) throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      HttpResponse<String> response = server.get("/live/samples?after=" + after);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).isEqualTo("\"after\" is the number of a sample.\n");
    }
  }

  @Test
  void method_otherThanGetAndHead_isRefused() throws Exception {
    try (RunningServer server = start(Container.JETTY)) {
      assertThat(server.send("POST", "/live/samples").statusCode()).isEqualTo(405);
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowReaders_areFewAndHoldNoThread(Container container) throws Exception {
    for (int i = 0; i < MAX_MODELS; i++) {
      metrics.recorder("m", "" + i);
    }
    List<Socket> readers = new ArrayList<>();
    try (RunningServer server = start(container)) {
      // More than the buffers of a connection take, so that the server has to wait for the reader.
      await().atMost(LIMIT).until(() -> server.get("/live/samples").body().length() > 20_000);
      for (int i = 0; i < 2 * MAX_VIEWERS; i++) {
        readers.add(askAndDoNotRead(server));
      }

      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(server.get("/live/").statusCode()).isEqualTo(503));
      assertThat(header(server.get("/live/"), "Retry-After")).isEqualTo("1");
      for (Socket reader : readers) {
        reader.close();
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(() -> assertThat(server.get("/live/").statusCode()).isEqualTo(200));
    }
  }

  private static Socket askAndDoNotRead(RunningServer server) throws IOException {
    Socket reader = new Socket();
    reader.setReceiveBufferSize(1024);
    reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    reader
        .getOutputStream()
        .write(
            "GET /app/live/uplot.js HTTP/1.1\r\nHost: h\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII));
    return reader;
  }

  @ParameterizedTest
  @EnumSource
  void token_isAskedForAsABrowserUnderstandsIt(Container container) throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "s3:cret\n");
    try (RunningServer server =
        start(
            container,
            LivePageServlet.builder(LivePage.builder(metrics).build()).bearerTokenFile(file))) {
      HttpResponse<String> without = server.get("/live/samples");

      assertThat(without.statusCode()).isEqualTo(401);
      assertThat(header(without, "WWW-Authenticate")).isEqualTo("Basic realm=\"metrics\"");
      assertThat(status(server, "Basic " + base64("anybody:s3:cret"))).isEqualTo(200);
      assertThat(status(server, "Bearer s3:cret")).isEqualTo(200);
      assertThat(status(server, "Basic " + base64("anybody:wrong"))).isEqualTo(401);
      assertThat(status(server, "Basic " + base64("s3:cret"))).isEqualTo(401);
      assertThat(status(server, "Basic not base64")).isEqualTo(401);
      assertThat(status(server, "Basic ")).isEqualTo(401);
    }
  }

  @TempDir private Path folder = Path.of("");

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static int status(RunningServer server, String authorization) throws Exception {
    return server
        .send(server.request("/live/").header("Authorization", authorization).build())
        .statusCode();
  }

  @Test
  void links_leadToTheScrapeTheDashboardsAndTheGuide() throws Exception {
    LivePage page =
        LivePage.builder(metrics)
            .scrapePath("/actuator/prometheus")
            .grafana(URI.create("https://grafana.example.org/g"))
            .build();
    try (RunningServer server = start(Container.JETTY, LivePageServlet.builder(page))) {
      assertThat(JSON.readTree(server.get("/live/links").body()).values())
          .extracting(JsonNode::asString)
          .containsExactly(
              "/actuator/prometheus",
              "https://grafana.example.org/g/d/kubeserve-deployment",
              "https://grafana.example.org/g/d/kubeserve-master",
              "https://github.com/kubeserve/kubeserve-metrics/blob/main/docs/servlet.md#live-page");
    }
  }
}
