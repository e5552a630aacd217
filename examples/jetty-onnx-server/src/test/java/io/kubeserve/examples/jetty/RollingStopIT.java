package io.kubeserve.examples.jetty;

import io.kubeserve.testing.RollingStop;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The built jar is told to stop while clients that keep their connections ask it. */
class RollingStopIT {
  @ParameterizedTest
  @ValueSource(strings = {"--add-latency=0", "--add-latency=20", "--linger=1"})
  void sigterm_keptAliveConnections_noRequestIsLost(String option) throws Exception {
    RollingStop.assertNoRequestIsLost(option);
  }
}
