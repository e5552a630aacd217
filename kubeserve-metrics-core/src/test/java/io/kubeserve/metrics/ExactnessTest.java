package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No count is lost or doubled, and no scrape contradicts itself, while everything runs at once. */
class ExactnessTest {
  private static final int THREADS = 8;
  private static final int RECORDS = 1_000_000;
  private static final int ERROR_EVERY = 10;
  private static final int TIMED_EVERY = 4;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();
  private final AtomicInteger writing = new AtomicInteger(THREADS);

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void record_byManyThreadsUnderScrapes_isExact() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(THREADS + 1);
    try {
      Future<Integer> scrapes = executor.submit(this::scrapeUntilWritten);
      List<Callable<Void>> writers = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        writers.add(this::write);
      }
      for (Future<Void> writer : executor.invokeAll(writers)) {
        writer.get();
      }
      assertThat(scrapes.get()).as("scrapes while recording").isGreaterThan(1);
    } finally {
      executor.shutdownNow();
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.count()).isEqualTo((double) THREADS * RECORDS);
    assertThat(scrape.errors()).isEqualTo((double) THREADS * RECORDS / ERROR_EVERY);
    assertThat(scrape.inFlight()).isZero();
    // Latencies run through 0, 1 … 99 ms; those that are timed take 0.
    assertThat(scrape.bucket("10.0") - zeroLatencies()).isEqualTo(THREADS * countUpTo(10));
    assertThat(scrape.sumMillis()).isEqualTo(THREADS * sumMillis());
  }

  private @Nullable Void write() {
    for (int i = 0; i < RECORDS; i++) {
      Status status = i % ERROR_EVERY == 0 ? Status.ERROR : Status.SUCCESS;
      if (i % TIMED_EVERY == 0) {
        time(status);
      } else {
        recorder.recordNanos(latencyMillis(i) * 1_000_000, status);
      }
    }
    writing.decrementAndGet();
    return null;
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

  private static double zeroLatencies() {
    return (double) THREADS * RECORDS / TIMED_EVERY;
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

  private int scrapeUntilWritten() {
    int scrapes = 0;
    Map<String, Double> previous = Map.of();
    while (writing.get() > 0) {
      Scrape scrape = Scrape.of(registry);
      assertThat(scrape.bucket("+Inf")).isEqualTo(scrape.count());
      assertThat(scrape.successes() + scrape.errors()).isEqualTo(scrape.count());
      assertThat(scrape.inFlight()).isNotNegative();
      for (Map.Entry<String, Double> sample : previous.entrySet()) {
        if (!sample.getKey().equals("predictions_in_flight")) {
          assertThat(scrape.value(sample.getKey()))
              .as(sample.getKey())
              .isGreaterThanOrEqualTo(sample.getValue());
        }
      }
      previous = scrape.samples();
      scrapes++;
    }
    return scrapes;
  }
}
