package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RunningServer;
import io.kubeserve.testing.SlowReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Predictions while one attacker scrapes as fast as he is answered, and another never reads. */
class AttackersIT {
  private static final double RATE = 1_000;
  private static final int CLIENTS = 16;
  private static final long WARM_UP = 60_000;
  private static final Duration DURATION = Duration.ofSeconds(30);
  private static final int SLOW_READERS = 50;

  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong scrapes = new AtomicLong();

  @Test
  void predictions_besideTwoAttackers_allSucceedAndAreCounted() throws Exception {
    String metricsPort = "--metrics-port=" + Prometheus.freePort();
    ReliabilityDocument.put(
        "attackers",
        "| `/metrics` | P99 alone | attacked | ratio | scrapes of the flood | predictions sent = answered = counted |\n"
            + "|---|---|---|---|---|---|\n"
            + row("among the endpoints")
            + row("on a port of its own", metricsPort));
  }

  private String row(String name, String... options) throws Exception {
    try (RunningServer server = new RunningServer(options)) {
      Http http = server.http();
      Http scraped =
          options.length == 0
              ? http
              : new Http("http://127.0.0.1:" + options[0].substring(options[0].indexOf('=') + 1));
      Load warm = Load.byClients(http, CLIENTS, WARM_UP).allAnswered();
      Load alone = Load.atRate(http, RATE, DURATION).allAnswered();
      Load attacked = attacked(http, scraped).allAnswered();
      long sent = warm.sent() + alone.sent() + attacked.sent();
      assertThat(scraped.successes()).isEqualTo((double) sent);
      return ReliabilityDocument.row(
          "| %s | %.2f ms | %.2f ms | %.1f | %,d | %,d |",
          name,
          alone.millis(99),
          attacked.millis(99),
          attacked.millis(99) / alone.millis(99),
          scrapes.getAndSet(0),
          sent);
    }
  }

  private Load attacked(Http http, Http scraped) throws Exception {
    List<SlowReader> readers = new ArrayList<>();
    over.set(false);
    CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> flood(scraped));
    try {
      for (int i = 0; i < SLOW_READERS; i++) {
        readers.add(new SlowReader(scraped.url()));
      }
      return Load.atRate(http, RATE, DURATION);
    } finally {
      over.set(true);
      for (SlowReader reader : readers) {
        reader.close();
      }
      flood.join();
    }
  }

  private void flood(Http scraped) {
    while (!over.get()) {
      // 503 is an answer too: more scrapes at once than there may be.
      assertThat(scraped.get("/metrics").statusCode()).isIn(200, 503);
      scrapes.incrementAndGet();
    }
  }
}
