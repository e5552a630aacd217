package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "virtual threads came with JDK 21")
class VirtualThreadsTest {
  private static final int THREADS = 50_000;

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void time_byVirtualThreads_countsEachOnce() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionRecorder recorder = PredictionMetrics.builder().registry(registry).build().recorder();
    // By reflection, since these classes are compiled for Java 17.
    ExecutorService executor =
        (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    try {
      List<Future<?>> predictions = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        predictions.add(executor.submit(() -> recorder.run(Thread::yield)));
      }
      for (Future<?> prediction : predictions) {
        prediction.get();
      }
    } finally {
      executor.shutdown();
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.successes()).isEqualTo(THREADS);
    assertThat(scrape.count()).isEqualTo(THREADS);
    assertThat(scrape.inFlight()).isZero();
  }
}
