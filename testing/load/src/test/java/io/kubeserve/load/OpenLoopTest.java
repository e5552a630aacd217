package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** Requests are sent when they are due, by a clock that the test drives. */
class OpenLoopTest {
  private static final long MILLI = 1_000_000;

  /** Time passes while somebody sleeps, or serves. */
  private static final class ManualClock implements Clock {
    private long nanos = 42;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void sleepNanos(long time) {
      nanos += time;
    }
  }

  private final ManualClock clock = new ManualClock();
  private final Results results = new Results();
  private final List<Long> sentAt = new ArrayList<>();

  private boolean run(Plan plan, Target target) throws InterruptedException {
    Target watched =
        () -> {
          sentAt.add((clock.nanos - 42) / MILLI);
          return target.send();
        };
    return new OpenLoop(plan, watched, results, 4, clock).run(MILLI);
  }

  private static Histogram latencies(Results results) {
    results.interval();
    return results.all();
  }

  @Test
  void fastServer_isSentEachRequestWhenItIsDue() throws Exception {
    boolean all =
        run(
            Plan.of(100, Duration.ofMillis(50), 1000),
            () -> {
              clock.nanos += MILLI;
              return CompletableFuture.completedFuture(200);
            });

    assertThat(all).isTrue();
    assertThat(sentAt).containsExactly(0L, 10L, 20L, 30L, 40L);
    assertThat(latencies(results).getMaxValue() / MILLI).isEqualTo(1);
    assertThat(results.outcomes()).containsExactly(java.util.Map.entry("200", 5L));
  }

  @Test
  void serverThatStalls_whatWaitsMeanwhileHasWaited() throws Exception {
    run(
        Plan.of(100, Duration.ofSeconds(1), 1000),
        () -> {
          clock.nanos += sentAt.size() == 1 ? 500 * MILLI : 0;
          return CompletableFuture.completedFuture(200);
        });

    // Without correction one of a hundred would have taken long; half of them have.
    Histogram latencies = latencies(results);
    assertThat(results.sent()).isEqualTo(100);
    assertThat(latencies.getCountBetweenValues(400 * MILLI, 501 * MILLI)).isEqualTo(11);
    assertThat(latencies.getCountBetweenValues(0, MILLI)).isEqualTo(50);
  }

  @Test
  void noAnswer_atMostSoManyAreOutstanding_andTheRunEnds() throws Exception {
    Plan plan = new Plan(100, 4);

    assertThat(run(plan, CompletableFuture::new)).isFalse();
    assertThat(results.sent()).isEqualTo(4);
    assertThat(results.ended()).isZero();
  }

  @Test
  void failures_areCountedByTheirKind() throws Exception {
    run(
        new Plan(100, 4),
        () ->
            switch (sentAt.size()) {
              case 1 -> CompletableFuture.completedFuture(503);
              case 2 -> CompletableFuture.completedFuture(204);
              case 3 -> CompletableFuture.failedFuture(new IOException("refused"));
              default ->
                  CompletableFuture.failedFuture(new CompletionException(new IOException("gone")));
            });

    assertThat(results.outcomes()).hasToString("{204=1, 503=1, IOException=2}");
    assertThat(results.failed()).isEqualTo(3);
  }

  @Test
  void plan_isBoundedByTimeAndByNumber() {
    assertThat(Plan.of(100, Duration.ofSeconds(3), 1000).requests()).isEqualTo(300);
    assertThat(Plan.of(100, Duration.ofSeconds(3), 7).requests()).isEqualTo(7);
    assertThat(Plan.of(0.1, Duration.ofSeconds(1), 7).requests()).isEqualTo(1);
    assertThat(new Plan(3, 10).dueNanos(6)).isEqualTo(2_000 * MILLI);
  }
}
