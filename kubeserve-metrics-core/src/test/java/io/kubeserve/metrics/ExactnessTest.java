package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * No count is lost or doubled, and no scrape contradicts itself, while everything runs
 * concurrently. The writers go on until the reader has seen enough, however the threads are
 * scheduled.
 */
class ExactnessTest {
  private static final int THREADS = 8;

  /** Of each writer; a round has the same records as every other. */
  private static final int MIN_ROUNDS = 10;

  private static final int RECORDS = 100_000;
  private static final int ERROR_EVERY = 10;
  private static final int TIMED_EVERY = 4;

  /** How many scrapes must find more than the scrape before. */
  private static final int SCRAPES_WHILE_RECORDING = 50;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();
  private final AtomicInteger writing = new AtomicInteger(THREADS);
  private volatile boolean reading = true;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void record_byManyThreadsUnderScrapes_isExact() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
    double rounds = 0;
    try {
      Future<Integer> scrapes = executor.submit(this::scrapeWhileWritten);
      for (Future<Integer> writer :
          executor.invokeAll(
              Collections.<Callable<Integer>>nCopies(THREADS, this::writeWhileRead))) {
        rounds += writer.get();
      }
      assertThat(scrapes.get()).isEqualTo(SCRAPES_WHILE_RECORDING);
    } finally {
      executor.shutdownNow();
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.count()).isEqualTo(rounds * RECORDS);
    assertThat(scrape.errors()).isEqualTo(rounds * RECORDS / ERROR_EVERY);
    assertThat(scrape.inFlight()).isZero();
    // Latencies run through 0, 1 … 99 ms; those that are timed take 0.
    assertThat(scrape.bucket("10.0")).isEqualTo(rounds * (RECORDS / TIMED_EVERY + countUpTo(10)));
    assertThat(scrape.sumMillis()).isEqualTo(rounds * sumMillis());
  }

  /** Returns how many rounds it has written. */
  private int writeWhileRead() {
    try {
      int rounds = 0;
      for (; rounds < MIN_ROUNDS || reading; rounds++) {
        writeRound();
      }
      return rounds;
    } finally {
      writing.decrementAndGet();
    }
  }

  private void writeRound() {
    for (int i = 0; i < RECORDS; i++) {
      Status status = i % ERROR_EVERY == 0 ? Status.ERROR : Status.SUCCESS;
      if (i % TIMED_EVERY == 0) {
        time(status);
      } else {
        recorder.record(Duration.ofNanos(latencyMillis(i) * 1_000_000), status);
      }
    }
  }

  private void time(Status status) {
    try (Prediction prediction = recorder.start()) {
      if (status == Status.SUCCESS) {
        prediction.success();
      }
    }
  }

  private static long latencyMillis(int i) {
    return i % 100;
  }

  private static double countUpTo(long millis) {
    double count = 0;
    for (int i = 0; i < RECORDS; i++) {
      if (i % TIMED_EVERY != 0 && latencyMillis(i) <= millis) {
        count++;
      }
    }
    return count;
  }

  private static double sumMillis() {
    double sum = 0;
    for (int i = 0; i < RECORDS; i++) {
      sum += i % TIMED_EVERY == 0 ? 0 : latencyMillis(i);
    }
    return sum;
  }

  /** Returns how many scrapes found more than the scrape before; a writer that failed ends it. */
  private int scrapeWhileWritten() {
    int grown = 0;
    try {
      Map<String, Double> previous = Scrape.of(registry).samples();
      while (grown < SCRAPES_WHILE_RECORDING && writing.get() == THREADS) {
        Scrape scrape = Scrape.of(registry);
        agreesWithItself(scrape);
        agreesWith(previous, scrape);
        if (scrape.count() > previous.getOrDefault("prediction_latency_ms_count", 0.0)) {
          grown++;
        }
        previous = scrape.samples();
      }
      return grown;
    } finally {
      reading = false;
    }
  }

  private static void agreesWithItself(Scrape scrape) {
    assertThat(scrape.bucket("+Inf")).isEqualTo(scrape.count());
    assertThat(scrape.successes() + scrape.errors()).isEqualTo(scrape.count());
    assertThat(scrape.inFlight()).isNotNegative();
  }

  private static void agreesWith(Map<String, Double> previous, Scrape scrape) {
    for (Map.Entry<String, Double> sample : previous.entrySet()) {
      if (!sample.getKey().equals("predictions_in_flight")) {
        assertThat(scrape.value(sample.getKey()))
            .as(sample.getKey())
            .isGreaterThanOrEqualTo(sample.getValue());
      }
    }
  }
}
