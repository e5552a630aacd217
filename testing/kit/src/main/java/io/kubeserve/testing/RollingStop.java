package io.kubeserve.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;

/** Servers that are told to stop, one after the other, while clients that keep connections ask. */
public final class RollingStop {
  private static final int CLIENTS = 12;
  private static final int WARM = 500;
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private RollingStop() {}

  /**
   * Checks that no request is lost.
   *
   * @param option of the servers that stop
   */
  public static void assertNoRequestIsLost(String option) throws Exception {
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
