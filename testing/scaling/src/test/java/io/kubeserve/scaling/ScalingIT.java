package io.kubeserve.scaling;

import static io.kubeserve.testing.MeasuredPage.row;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What fleets cost a real Prometheus, with the chart's rules; writes {@code docs/scaling.md}. */
@RequiresProgram("prometheus")
class ScalingIT {
  private static final String P95 =
      "histogram_quantile(0.95, sum by (le) (rate(prediction_latency_ms_bucket[2m])))";
  private static final String P95_NATIVE =
      "histogram_quantile(0.95, sum(rate(prediction_latency_ms[2m])))";

  /** Prometheus Operator's default. */
  private static final int INTERVAL_SECONDS = 30;

  private static final Duration MEASURED = Duration.ofSeconds(4L * INTERVAL_SECONDS);
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int QUERIES = 9;
  private static final double BYTES_PER_MIB = 1024 * 1024;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final double MILLIS_PER_SECOND = 1000;

  /** As many scrapes of a second as two hours, a block of Prometheus, have of half a minute. */
  private static final Duration TWO_HOURS_PLAYED = Duration.ofMinutes(4);

  private static final int PODS_ON_DISK = 100;
  private static final int PREDICTIONS_OF_AN_INTERVAL = 30;
  private static final int PREDICTIONS_OF_A_SCRAPE = 1_000;

  private final ScheduledExecutorService traffic = Executors.newSingleThreadScheduledExecutor();

  @Test
  void pods_costMemoryAndTime(@TempDir Path folder) throws Exception {
    StringBuilder rows =
        new StringBuilder(
            "| pods | models each | histogram | series | samples a second | memory, MiB | CPU, cores |"
                + " rules, ms | P95 of all, ms |\n"
                + "|---|---|---|---|---|---|---|---|---|\n");
    rows.append(measure(folder, 10, Shape.EXAMPLE));
    rows.append(measure(folder, 1_000, Shape.EXAMPLE));
    rows.append(measure(folder, 1_000, Shape.EXAMPLE.withModels(10)));
    rows.append(measure(folder, 1_000, Shape.EXAMPLE.withModels(10).withNativeHistogram()));
    rows.append(measure(folder, 10_000, Shape.EXAMPLE));
    SeriesFileTest.PAGE.putMeasured("pods", rows.toString(), "the pods");
  }

  private String measure(Path folder, int pods, Shape shape) throws Exception {
    String name = pods + "-" + shape.models() + "-" + shape.nativeHistogram();
    try (Fleet fleet = new Fleet(pods, shape);
        Prometheus prometheus =
            Prometheus.start(
                fleet.configuration(INTERVAL_SECONDS, FleetTest.RULES),
                folder.resolve(name),
                features(shape))) {
      ScheduledFuture<?> playing =
          traffic.scheduleAtFixedRate(() -> fleet.predict(1), 1, 1, SECONDS);
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> prometheus.value("sum(up)") == pods);
      double cpuBefore = prometheus.http().metric("process_cpu_seconds_total");
      long start = System.nanoTime();
      pass(MEASURED);
      double seconds = Duration.ofNanos(System.nanoTime() - start).toNanos() / 1e9;
      double cores = (prometheus.http().metric("process_cpu_seconds_total") - cpuBefore) / seconds;

      assertThat(prometheus.value("min(up)")).isEqualTo(1);
      playing.cancel(false);
      String row =
          row(
              "| %,d | %d | %s | %,.0f | %,.0f | %,.0f | %.3f | %.0f | %.1f |",
              pods,
              shape.models(),
              shape.nativeHistogram() ? "native" : "classic",
              prometheus.http().metric("prometheus_tsdb_head_series"),
              prometheus.value("sum(scrape_samples_scraped)") / INTERVAL_SECONDS,
              prometheus.http().metric("process_resident_memory_bytes") / BYTES_PER_MIB,
              cores,
              rulesMillis(prometheus.http()),
              queryMillis(prometheus, shape.nativeHistogram() ? P95_NATIVE : P95));
      System.out.print(row);
      return row;
    }
  }

  private static String[] features(Shape shape) {
    return shape.nativeHistogram()
        ? new String[] {"--web.enable-admin-api", "--enable-feature=native-histograms"}
        : new String[] {"--web.enable-admin-api"};
  }

  /** Time is what is measured here, so it has to pass. */
  private static void pass(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    await()
        .atMost(duration.multipliedBy(2))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> System.nanoTime() - end >= 0);
  }

  /** How long the last evaluation of all rules took. */
  private static double rulesMillis(Http prometheus) {
    return MILLIS_PER_SECOND
        * prometheus
            .get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("prometheus_rule_group_last_duration_seconds{"))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .sum();
  }

  private static double queryMillis(Prometheus prometheus, String promql) {
    return DoubleStream.generate(
            () -> {
              long start = System.nanoTime();
              assertThat(prometheus.value(promql)).isPositive();
              return (System.nanoTime() - start) / NANOS_PER_MILLI;
            })
        .limit(QUERIES)
        .sorted()
        .skip(QUERIES / 2)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void samples_costDisk(@TempDir Path folder) throws Exception {
    StringBuilder rows =
        new StringBuilder(
            """
            | histogram | series a pod | samples | bytes a sample, all | of it chunks |
            |---|---|---|---|---|
            """);
    rows.append(disk(folder, Shape.EXAMPLE));
    rows.append(disk(folder, Shape.EXAMPLE.withNativeHistogram()));
    SeriesFileTest.PAGE.putMeasured("disk", rows.toString(), "the pods");
  }

  private String disk(Path folder, Shape shape) throws Exception {
    String name = "disk-" + shape.nativeHistogram();
    try (Fleet fleet = new Fleet(PODS_ON_DISK, shape);
        Prometheus prometheus =
            Prometheus.start(
                fleet.configuration(1, FleetTest.RULES), folder.resolve(name), features(shape))) {
      ScheduledFuture<?> playing =
          traffic.scheduleAtFixedRate(
              () -> fleet.predict(PREDICTIONS_OF_AN_INTERVAL), 1, 1, SECONDS);
      pass(TWO_HOURS_PLAYED);
      playing.cancel(false);
      Path snapshot = prometheus.snapshot();
      long samples = 0;
      long series = 0;
      for (Path meta : files(snapshot, "meta.json")) {
        JsonNode stats = new JsonMapper().readTree(meta.toFile()).get("stats");
        samples += stats.get("numSamples").asLong();
        series += stats.get("numSeries").asLong();
      }
      long all = bytes(files(snapshot, "*"));
      long chunks = bytes(files(snapshot, "0*"));
      return row(
          "| %s | %d | %,d | %.2f | %.2f |",
          shape.nativeHistogram() ? "native" : "classic",
          series / PODS_ON_DISK,
          samples,
          (double) all / samples,
          (double) chunks / samples);
    }
  }

  private static List<Path> files(Path folder, String glob) throws IOException {
    PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + glob);
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> matcher.matches(file.getFileName()))
          .toList();
    }
  }

  private static long bytes(List<Path> files) throws IOException {
    long sum = 0;
    for (Path file : files) {
      sum += Files.size(file);
    }
    return sum;
  }

  @Test
  void scrape_costsTheNetwork() throws Exception {
    StringBuilder rows =
        new StringBuilder("| models | series | bytes | compressed |\n|---|---|---|---|\n");
    for (int models : new int[] {1, 10, 100}) {
      try (Fleet fleet = new Fleet(1, Shape.EXAMPLE.withModels(models))) {
        fleet.predict(PREDICTIONS_OF_A_SCRAPE);
        String text = new String(body(fleet.url(0), "identity"), StandardCharsets.UTF_8);
        rows.append(
            row(
                "| %d | %,d | %,d | %,d |",
                models, Size.of(text).series(), text.length(), body(fleet.url(0), "gzip").length));
      }
    }
    SeriesFileTest.PAGE.putMeasured("bytes", rows.toString(), "nothing else");
  }

  private static byte[] body(String url, String encoding) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url)).header("Accept-Encoding", encoding).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray()).body();
  }
}
