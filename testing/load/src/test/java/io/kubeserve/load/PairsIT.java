package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same load on the example with and without its measurements, in turn. */
class PairsIT {
  private static final int PAIRS = 6;
  private static final int CLIENTS = 16;
  private static final long WARM_UP = 40_000;
  private static final long REQUESTS = 60_000;
  private static final double RATE = 1_000;
  private static final Duration SETTLING = Duration.ofSeconds(5);
  private static final Duration DURATION = Duration.ofSeconds(15);

  /** What one server did. */
  private record Run(double perSecond, double p99Millis, long predictions) {}

  @Test
  void measuring_costsNothingThatTheClientsSee() throws Exception {
    List<Double> throughput = new ArrayList<>();
    List<Double> p99 = new ArrayList<>();
    StringBuilder rows = new StringBuilder();
    long counted = 0;
    for (int pair = 1; pair <= PAIRS; pair++) {
      // In turn, so that what the machine does meanwhile favours neither.
      boolean offFirst = pair % 2 == 1;
      Run first = offFirst ? run("--no-metrics") : run();
      Run second = offFirst ? run() : run("--no-metrics");
      Run off = offFirst ? first : second;
      Run on = offFirst ? second : first;
      counted += on.predictions();
      throughput.add(on.perSecond() / off.perSecond());
      p99.add(on.p99Millis() / off.p99Millis());
      rows.append(
          ReliabilityDocument.row(
              "| %d | %.0f/s | %.0f/s | %.2f | %.2f ms | %.2f ms | %.2f |",
              pair,
              off.perSecond(),
              on.perSecond(),
              on.perSecond() / off.perSecond(),
              off.p99Millis(),
              on.p99Millis(),
              on.p99Millis() / off.p99Millis()));
    }
    ReliabilityDocument.put(
        "pairs",
        "| pair | throughput off | on | ratio | P99 off | on | ratio |\n|---|---|---|---|---|---|---|\n"
            + rows
            + ReliabilityDocument.row(
                "| median | | | %.2f | | | %.2f |", median(throughput), median(p99))
            + ReliabilityDocument.row(
                "\n%,d predictions were sent with the measurements on, answered and counted.",
                counted));
  }

  private static Run run(String... options) throws Exception {
    try (RunningServer server = new RunningServer(options)) {
      Http http = server.http();
      Load.byClients(http, CLIENTS, WARM_UP).allAnswered();
      Load closed = Load.byClients(http, CLIENTS, REQUESTS).allAnswered();
      Load settling = Load.atRate(http, RATE, SETTLING).allAnswered();
      Load open = Load.atRate(http, RATE, DURATION).allAnswered();
      long sent = WARM_UP + closed.sent() + settling.sent() + open.sent();
      if (options.length == 0) {
        assertThat(http.successes()).isEqualTo((double) sent);
      }
      return new Run(closed.perSecond(), open.millis(99), sent);
    }
  }

  private static double median(List<Double> ratios) {
    return ratios.stream().sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
  }
}
