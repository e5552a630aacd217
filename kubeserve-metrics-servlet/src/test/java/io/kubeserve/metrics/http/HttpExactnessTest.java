package io.kubeserve.metrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/**
 * Many threads record while others scrape: no count is lost, and every scrape agrees with itself.
 */
class HttpExactnessTest {
  private static final int THREADS = 8;
  private static final int REQUESTS = 200_000;
  private static final int HANDLERS = 3;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final HttpMetrics metrics =
      HttpMetrics.builder()
          .registry(registry)
          .ticker(new ManualTicker())
          .maxHandlers(HANDLERS)
          .inProgress()
          .build();

  @Test
  void record_fromManyThreads_isExact_whileEveryScrapeAgreesWithItself() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    Future<Integer> scraper = threads.submit(() -> scrapeUntil(done));
    List<Future<?>> recorders = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      recorders.add(threads.submit(this::record));
    }
    for (Future<?> recorder : recorders) {
      recorder.get();
    }
    done.set(true);
    assertThat(scraper.get()).isPositive();
    threads.shutdown();

    Scrape scrape = Scrape.of(registry);
    double total = (double) THREADS * REQUESTS;
    assertThat(scrape.value("http_request_duration_highr_seconds_count")).isEqualTo(total);
    assertThat(sum(scrape, "http_requests_total")).isEqualTo(total);
    assertThat(sum(scrape, "http_request_size_bytes_sum")).isEqualTo(total * 3);
    assertThat(sum(scrape, "http_response_size_bytes_sum")).isEqualTo(total * 5);
    assertThat(scrape.value("http_requests_inprogress")).isZero();
  }

  private void record() {
    for (int i = 0; i < REQUESTS; i++) {
      String handler = "/" + i % (HANDLERS + 1);
      metrics.finish(metrics.start(), i % 2 == 0 ? "GET" : "POST", handler, 200 + i % 300, 3, 5);
    }
  }

  private int scrapeUntil(AtomicBoolean done) {
    int scrapes = 0;
    double last = 0;
    while (!done.get()) {
      Scrape scrape = Scrape.of(registry);
      double count = scrape.value("http_request_duration_highr_seconds_count");
      assertThat(sum(scrape, "http_requests_total")).isEqualTo(count);
      assertThat(sum(scrape, "http_request_size_bytes_count")).isEqualTo(count);
      assertThat(sum(scrape, "http_response_size_bytes_count")).isEqualTo(count);
      assertThat(sum(scrape, "http_request_duration_seconds_count")).isEqualTo(count);
      assertThat(scrape.value("http_requests_inprogress")).isNotNegative();
      assertThat(count).isGreaterThanOrEqualTo(last);
      last = count;
      scrapes++;
    }
    return scrapes;
  }

  private static double sum(Scrape scrape, String name) {
    return scrape.samples().entrySet().stream()
        .filter(sample -> sample.getKey().startsWith(name + '{'))
        .mapToDouble(sample -> sample.getValue())
        .sum();
  }
}
