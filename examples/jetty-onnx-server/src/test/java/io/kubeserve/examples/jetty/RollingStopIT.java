package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.BalancedClients;
import io.kubeserve.testing.RunningServer;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar is told to stop while clients that keep their connections ask it. */
class RollingStopIT {
  private static final int CLIENTS = 12;
  private static final int WARM = 500;
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  @ParameterizedTest
  @ValueSource(strings = {"--add-latency=0", "--add-latency=20", "--linger=1"})
  void sigterm_keptAliveConnections_noRequestIsLost(String option) throws Exception {
    try (RunningServer first = new RunningServer(option);
        RunningServer second = new RunningServer(option);
        RunningServer third = new RunningServer()) {
      BalancedClients clients =
          new BalancedClients(CLIENTS, first.http(), second.http(), third.http());
      try (clients) {
        awaitMore(clients);

        first.signal();
        assertThat(first.terminate()).as("told twice").isEqualTo(SIGTERM_EXIT_STATUS);
        awaitMore(clients);
        assertThat(second.terminate()).isEqualTo(SIGTERM_EXIT_STATUS);
        awaitMore(clients);
      }
      assertThat(clients.lost()).isEmpty();
    }
  }

  private static void awaitMore(BalancedClients clients) {
    long before = clients.answered();
    await().atMost(LIMIT).until(() -> clients.answered() > before + WARM);
  }
}
