package io.kubeserve.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Many threads record while another scrapes: no count is lost, and every scrape agrees with itself.
 * The writers go on until the reader has seen enough, however the threads are scheduled.
 */
class HttpExactnessTest {
  private static final int THREADS = 8;
  private static final int MIN_ROUNDS = 10;
  private static final int REQUESTS_OF_A_ROUND = 20_000;
  private static final int HANDLERS = 3;

  /** How many scrapes must find more than the scrape before. */
  private static final int SCRAPES_WHILE_RECORDING = 20;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final HttpMetrics metrics =
      HttpMetrics.builder()
          .registry(registry)
          .ticker(new ManualTicker())
          .maxHandlers(HANDLERS)
          .inProgress(true)
          .build();
  private final AtomicInteger writing = new AtomicInteger(THREADS);
  private volatile boolean reading = true;

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void record_fromManyThreads_isExact_whileEveryScrapeAgreesWithItself() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    double total = 0;
    try {
      Future<Integer> scrapes = threads.submit(this::scrapeWhileWritten);
      for (Future<Integer> writer :
          threads.invokeAll(
              Collections.<Callable<Integer>>nCopies(THREADS, this::recordWhileRead))) {
        total += (double) writer.get() * REQUESTS_OF_A_ROUND;
      }
      assertThat(scrapes.get()).isEqualTo(SCRAPES_WHILE_RECORDING);
    } finally {
      threads.shutdownNow();
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.value("http_request_duration_highr_seconds_count")).isEqualTo(total);
    assertThat(sum(scrape, "http_requests_total")).isEqualTo(total);
    assertThat(sum(scrape, "http_request_size_bytes_sum")).isEqualTo(total * 3);
    assertThat(sum(scrape, "http_response_size_bytes_sum")).isEqualTo(total * 5);
    assertThat(scrape.value("http_requests_inprogress")).isZero();
  }

  /** Returns how many rounds it has recorded. */
  private int recordWhileRead() {
    try {
      int rounds = 0;
      for (; rounds < MIN_ROUNDS || reading; rounds++) {
        recordRound();
      }
      return rounds;
    } finally {
      writing.decrementAndGet();
    }
  }

  private void recordRound() {
    for (int i = 0; i < REQUESTS_OF_A_ROUND; i++) {
      String handler = "/" + i % (HANDLERS + 1);
      metrics.finish(metrics.start(), i % 2 == 0 ? "GET" : "POST", handler, 200 + i % 300, 3, 5);
    }
  }

  /** Returns how many scrapes found more than the scrape before; a writer that failed ends it. */
  private int scrapeWhileWritten() {
    int grown = 0;
    try {
      double last = 0;
      while (grown < SCRAPES_WHILE_RECORDING && writing.get() == THREADS) {
        Scrape scrape = Scrape.of(registry);
        double count = scrape.value("http_request_duration_highr_seconds_count");
        agreesWithItself(scrape, count);
        assertThat(count).isGreaterThanOrEqualTo(last);
        if (count > last) {
          grown++;
        }
        last = count;
      }
      return grown;
    } finally {
      reading = false;
    }
  }

  private static void agreesWithItself(Scrape scrape, double count) {
    assertThat(sum(scrape, "http_requests_total")).isEqualTo(count);
    assertThat(sum(scrape, "http_request_size_bytes_count")).isEqualTo(count);
    assertThat(sum(scrape, "http_response_size_bytes_count")).isEqualTo(count);
    assertThat(sum(scrape, "http_request_duration_seconds_count")).isEqualTo(count);
    assertThat(scrape.value("http_requests_inprogress")).isNotNegative();
  }

  private static double sum(Scrape scrape, String name) {
    return scrape.samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(name + '{'))
        .mapToDouble(sample -> sample.getValue())
        .sum();
  }
}
