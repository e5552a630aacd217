package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.Http;
import io.kubeserve.testing.ProjectFiles;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import io.kubeserve.testing.RunningServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Takes the README's picture of a dashboard's data: {@code ./mvnw -Pwrite verify}. The queries are
 * the dashboard's, the server and Prometheus are real; uPlot draws, as there is no Grafana here.
 */
@RequiresProgram({"prometheus", "chromium"})
@EnabledIfSystemProperty(named = "docs.write", matches = "true")
class DashboardPictureIT {
  private static final Path PICTURE = ProjectFiles.of("docs/images/dashboard-data.png");
  private static final Path JAR =
      ProjectFiles.of("examples/jetty-onnx-server/target/jetty-onnx-server.jar");
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/uPlot";

  private static final int SHOWN_SECONDS = 150;
  private static final int SETTLING_SECONDS = 15;
  private static final int STATS = 6;
  private static final int CHARTS = 4;
  private static final double FAILURES = 0.01;
  private static final double SLOW = 0.2;

  private static final JsonMapper JSON = new JsonMapper();

  @Test
  void picture(@TempDir Path folder) throws Exception {
    ScheduledExecutorService clients = Executors.newScheduledThreadPool(4);
    try (RunningServer fast = RunningServer.ofJar(JAR, "--add-latency=12");
        RunningServer slow = RunningServer.ofJar(JAR, "--add-latency=70");
        Prometheus prometheus = Prometheus.start(configuration(fast, slow), folder)) {
      var unused =
          clients.scheduleAtFixedRate(
              () -> predict(fast.http(), slow.http()), 0, 25, TimeUnit.MILLISECONDS);
      await()
          .atMost(Duration.ofMinutes(5))
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () ->
                  prometheus.value("max(count_over_time(up[10m]))")
                      > SHOWN_SECONDS + SETTLING_SECONDS);
      Path page = Files.writeString(folder.resolve("picture.html"), page(prometheus));
      shoot(page);
    } finally {
      clients.shutdownNow();
    }
    assertThat(PICTURE).isNotEmptyFile();
  }

  private static void predict(Http fast, Http slow) {
    Random random = new Random();
    Http server = random.nextDouble() < SLOW ? slow : fast;
    server.predict(random.nextDouble() < FAILURES ? Http.NARROW_ROW : Http.ONE_ROW);
  }

  private static String configuration(RunningServer... servers) {
    StringBuilder yaml =
        new StringBuilder(
            """
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: iris
                static_configs:
            """);
    for (RunningServer server : servers) {
      String target = URI.create(server.http().url()).getAuthority();
      yaml.append(
          "      - targets: [\"%s\"]\n        labels: {namespace: user-1, deployment: iris, pod: iris-%s}\n"
              .formatted(target, target.substring(target.indexOf(':') + 1)));
    }
    return yaml.toString();
  }

  private static String page(Prometheus prometheus) throws IOException {
    double now =
        Double.parseDouble(prometheus.api("query?query=time()").get("result").get(1).asString());
    ObjectNode picture = JSON.createObjectNode().put("title", "KubeServe / Deployment");
    ArrayNode stats = picture.putArray("stats");
    ArrayNode charts = picture.putArray("charts");
    for (Panel panel : Dashboards.DEPLOYMENT.dashboard().panels()) {
      JsonNode json = panel.json(1, 0, 0);
      String unit = json.at("/fieldConfig/defaults/unit").asString();
      if (json.path("type").asString().equals("stat") && stats.size() < STATS) {
        stats.addObject().put("title", panel.title()).put("value", stat(prometheus, panel, unit));
      } else if (json.path("type").asString().equals("timeseries") && charts.size() < CHARTS) {
        ObjectNode chart = chart(prometheus, panel, unit, now);
        if (!chart.path("series").isEmpty()) {
          charts.add(chart);
        }
      }
    }
    return resource("picture.html")
        .replace("/*style*/", resource(UPLOT + ".min.css"))
        .replace("/*uplot*/", resource(UPLOT + ".iife.min.js"))
        .replace("/*data*/null", picture.toString());
  }

  private static String stat(Prometheus prometheus, Panel panel, String unit) {
    double value = prometheus.value(Platform.interpolate(panel.queries().get(0).expression()));
    return switch (unit) {
      case "percentunit" -> String.format(Locale.ROOT, "%.1f %%", 100 * value);
      case "ms" -> String.format(Locale.ROOT, "%.1f ms", value);
      case "reqps" -> String.format(Locale.ROOT, "%.1f req/s", value);
      default -> String.format(Locale.ROOT, "%.0f", value);
    };
  }

  private static ObjectNode chart(Prometheus prometheus, Panel panel, String unit, double now) {
    ObjectNode chart =
        JSON.createObjectNode()
            .put("title", panel.title())
            .put("unit", unit.replace("reqps", "req/s"));
    ArrayNode times = chart.putArray("times");
    for (int second = 0; second <= SHOWN_SECONDS; second++) {
      times.add(now - SHOWN_SECONDS + second);
    }
    ArrayNode series = chart.putArray("series");
    for (Query query : panel.queries()) {
      for (JsonNode line :
          prometheus.range(Platform.interpolate(query.expression()), now, SHOWN_SECONDS)) {
        ObjectNode drawn = series.addObject().put("legend", legend(query, line.path("metric")));
        ArrayNode values = drawn.putArray("values");
        double[] bySecond = new double[SHOWN_SECONDS + 1];
        Arrays.fill(bySecond, Double.NaN);
        for (JsonNode sample : line.path("values")) {
          int second = (int) Math.round(sample.get(0).asDouble() - now + SHOWN_SECONDS);
          bySecond[second] = Double.parseDouble(sample.get(1).asString());
        }
        for (double value : bySecond) {
          if (Double.isFinite(value)) {
            values.add(value);
          } else {
            values.addNull();
          }
        }
      }
    }
    return chart;
  }

  private static String legend(Query query, JsonNode labels) {
    String legend = query.legend();
    for (String label : labels.propertyNames()) {
      legend = legend.replace("{{" + label + "}}", labels.path(label).asString());
    }
    return legend;
  }

  private static void shoot(Path page) throws Exception {
    ChildProcess.Ended chromium =
        ChildProcess.run(
            Duration.ofSeconds(60),
            List.of(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--hide-scrollbars",
                "--window-size=1280,700",
                "--screenshot=" + PICTURE.toAbsolutePath().normalize(),
                page.toUri().toString()));
    assertThat(chromium.status()).as(chromium.output()).isZero();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DashboardPictureIT.class.getResourceAsStream(name)) {
      assertThat(in).as(name).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
