package io.kubeserve.load;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The highest rate that the example holds, for long, with a scrape each second. */
class SoakIT {
  private static final Duration PROBE = Duration.ofSeconds(10);
  private static final Duration SOAK =
      Duration.parse(System.getProperty("reliability.soak", "PT10M"));
  private static final double FIRST_RATE = 2_000;
  private static final double STEP = 1.25;
  private static final double MAX_P99_MILLIS = 50;

  /** A rate that is held for ten seconds may not be for minutes. */
  private static final double MARGIN = 0.85;

  private static final int CLIENTS = 16;
  private static final long WARM_UP = 200_000;

  private static final int READINGS = 12;
  private static final int THIRD = READINGS / 3;
  private static final double BYTES_PER_MIB = 1024 * 1024;
  private static final double MAX_GROWTH_MIB = 4;

  private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
  private final List<Double> heapMib = new CopyOnWriteArrayList<>();
  private final List<Double> threads = new CopyOnWriteArrayList<>();
  private final AtomicLong scrapes = new AtomicLong();

  @Test
  void server_underItsHighestRate_losesNothingAndGrowsNothing() throws Exception {
    try (RunningServer server = new RunningServer("--queue=1000")) {
      Http http = server.http();
      Load.byClients(http, CLIENTS, WARM_UP).allAnswered();
      double rate = highestRate(http);
      long before = Math.round(http.successes());
      ScheduledFuture<?> scraper = clock.scheduleAtFixedRate(() -> scrape(http), 1, 1, SECONDS);
      long apart = SOAK.dividedBy(READINGS + 2).toMillis();
      ScheduledFuture<?> reader =
          clock.scheduleAtFixedRate(() -> read(server), apart, apart, MILLISECONDS);

      Load load = Load.atRate(http, rate, SOAK).allAnswered();

      // One that failed has ended.
      assertThat(scraper.isDone() || reader.isDone()).isFalse();
      clock.shutdownNow();
      long counted = Math.round(http.successes()) - before;
      assertThat(counted).isEqualTo(load.sent());
      assertThat(http.errors()).isZero();
      assertThat(http.metric("predictions_in_flight")).isZero();
      assertThat(median(last(heapMib))).isLessThan(median(first(heapMib)) + MAX_GROWTH_MIB);
      assertThat(median(last(threads))).isLessThanOrEqualTo(median(first(threads)));
      ReliabilityDocument.put("soak", table(load, counted));
    }
  }

  private static double highestRate(Http http) throws InterruptedException {
    double held = FIRST_RATE;
    for (double rate = FIRST_RATE; ; rate *= STEP) {
      Load probe = Load.atRate(http, rate, PROBE);
      if (probe.answered() < probe.sent() || probe.millis(99) > MAX_P99_MILLIS) {
        return held * MARGIN;
      }
      held = rate;
    }
  }

  private void scrape(Http http) {
    assertThat(http.get("/metrics").statusCode()).isEqualTo(200);
    scrapes.incrementAndGet();
  }

  private void read(RunningServer server) {
    try {
      server.collectGarbage();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    heapMib.add(heapAfterCollection(server.http()) / BYTES_PER_MIB);
    threads.add(server.http().metric("jvm_threads_current"));
  }

  private static double heapAfterCollection(Http http) {
    return http.get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("jvm_memory_pool_collection_used_bytes{"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Without the very first, at which the JVM may still be warming up. */
  private static List<Double> first(List<Double> readings) {
    return readings.subList(1, 1 + THIRD);
  }

  private static List<Double> last(List<Double> readings) {
    return readings.subList(readings.size() - THIRD, readings.size());
  }

  private static double median(List<Double> readings) {
    return readings.stream().sorted().skip(readings.size() / 2).findFirst().orElseThrow();
  }

  private String table(Load load, long counted) {
    return "| what | how much |\n|---|---|\n"
        + ReliabilityDocument.row("| duration | %.0f s |", load.seconds())
        + ReliabilityDocument.row("| rate | %.0f predictions per second |", load.perSecond())
        + ReliabilityDocument.row(
            "| P50, P99, P99.9, since each was due | %.2f ms, %.2f ms, %.2f ms |",
            load.millis(50), load.millis(99), load.millis(99.9))
        + ReliabilityDocument.row(
            "| sent = answered = counted | %,d = %,d = %,d |",
            load.sent(), load.answered(), counted)
        + ReliabilityDocument.row("| errors | %d |", load.sent() - load.answered())
        + ReliabilityDocument.row("| scrapes beside it | %d, none failed |", scrapes.get())
        + ReliabilityDocument.row(
            "| heap after a collection, first and last third | %.1f MiB, %.1f MiB |",
            median(first(heapMib)), median(last(heapMib)))
        + ReliabilityDocument.row(
            "| threads, first and last third | %.0f, %.0f |",
            median(first(threads)), median(last(threads)));
  }
}
