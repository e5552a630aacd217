package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What came of a load that was put on a server.
 *
 * @param seconds how long it took
 * @param sent how many predictions were asked for
 * @param outcomes how often there was each status
 * @param latencies nanoseconds since each was due
 */
record Load(double seconds, long sent, Map<String, Long> outcomes, Histogram latencies) {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int MAX_OUTSTANDING = 512;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double NANOS_PER_MILLI = 1e6;

  /** More than anything holds, so that the answers set the rate. */
  private static final double AS_FAST_AS_ANSWERED = 1e6;

  /** Predicts at a fixed rate. */
  static Load atRate(Http server, double perSecond, Duration duration) throws InterruptedException {
    return run(server, Plan.of(perSecond, duration, Long.MAX_VALUE), MAX_OUTSTANDING);
  }

  /** Predicts with so many clients, each of which sends again once it was answered. */
  static Load byClients(Http server, int clients, long requests) throws InterruptedException {
    return run(server, new Plan(AS_FAST_AS_ANSWERED, requests), clients);
  }

  private static Load run(Http server, Plan plan, int outstanding) throws InterruptedException {
    Results results = new Results();
    HttpTarget target = new HttpTarget(Task.SINGLE, URI.create(server.url()), TIMEOUT);
    long start = System.nanoTime();
    boolean ended =
        new OpenLoop(plan, target, results, outstanding, Clock.SYSTEM).run(TIMEOUT.toNanos());
    double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
    assertThat(ended).as("every request ended").isTrue();
    results.interval();
    return new Load(seconds, results.sent(), results.outcomes(), results.all());
  }

  long answered() {
    return outcomes.getOrDefault("200", 0L);
  }

  double perSecond() {
    return sent / seconds;
  }

  double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  /** Checks that all that was sent was answered. */
  Load allAnswered() {
    assertThat(outcomes).containsExactly(Map.entry("200", sent));
    return this;
  }
}
