package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import io.kubeserve.testing.RunningServer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built jar under load is told to stop, or is killed. */
@RequiresProgram("prometheus")
class ShutdownIT {
  private static final int CLIENTS = 8;
  private static final int WARM = 200;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong refused = new AtomicLong();

  @Test
  void sigterm_underLoad_lastScrapeIsWhatTheClientsSaw() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (RunningServer server = new RunningServer("--drain=0", "--linger=30", "--add-latency=5")) {
      Http http = server.http();
      List<CompletableFuture<Void>> clients =
          Stream.generate(() -> CompletableFuture.runAsync(() -> askUntilRefused(http), threads))
              .limit(CLIENTS)
              .toList();
      await().atMost(LIMIT).until(() -> answered.get() > WARM);

      server.signal();

      for (CompletableFuture<Void> client : clients) {
        client.get(60, TimeUnit.SECONDS);
      }
      assertThat(http.get("/ready").statusCode()).isEqualTo(503);
      assertThat(refused).hasValue(CLIENTS);
      assertThat(http.successes()).isEqualTo((double) answered.get());
      assertThat(http.errors()).isEqualTo(CLIENTS);
      assertThat(http.metric("predictions_in_flight")).isZero();
    } finally {
      threads.shutdownNow();
    }
  }

  /** A client that sees anything but 200 and, at the end, 503 fails. */
  private void askUntilRefused(Http http) {
    int status = http.predict(Http.ONE_ROW).statusCode();
    while (status == 200) {
      answered.incrementAndGet();
      status = http.predict(Http.ONE_ROW).statusCode();
    }
    assertThat(status).isEqualTo(503);
    refused.incrementAndGet();
  }

  @Test
  void kill_andStartAgain_isAResetThatRatesSeeThrough(@TempDir Path folder) throws Exception {
    int before = 300;
    int after = 100;
    Path targets = folder.resolve("targets.json");
    try (RunningServer first = new RunningServer();
        Prometheus prometheus = Prometheus.start(scraping(targets, first), folder)) {
      String successes = "predictions_total{status=\"success\"}";
      await().atMost(LIMIT).until(() -> prometheus.value(successes) == 0);
      predict(first.http(), before);
      await().atMost(LIMIT).until(() -> prometheus.value(successes) == before);

      first.kill();
      try (RunningServer second = new RunningServer()) {
        var unused = scraping(targets, second);
        await().atMost(LIMIT).until(() -> prometheus.value(successes) == 0);
        predict(second.http(), after);
        await().atMost(LIMIT).until(() -> prometheus.value(successes) == after);

        assertThat(prometheus.value("resets(" + successes + "[5m])")).isEqualTo(1);
        // Prometheus extends what it saw to the edges of the range: a scrape or two of the few
        // here.
        assertThat(prometheus.value("increase(" + successes + "[5m])"))
            .isBetween((double) before + after, (before + after) * 1.5);
      }
    }
  }

  /** As a cluster starts a container again: another address, and the labels of the same pod. */
  private static String scraping(Path targets, RunningServer server) throws Exception {
    Path written = targets.resolveSibling("written");
    Files.writeString(
        written,
        """
        [{"targets": ["%s"], "labels": {"instance": "pod"}}]
        """
            .formatted(URI.create(server.http().url()).getAuthority()));
    Files.move(written, targets, StandardCopyOption.ATOMIC_MOVE);
    return """
        global: {scrape_interval: 1s}
        scrape_configs:
          - job_name: example
            file_sd_configs: [{files: ["%s"], refresh_interval: 1s}]
        """
        .formatted(targets);
  }

  private static void predict(Http http, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
    }
  }
}
