package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Loads of one recorder take turns, whatever thread makes them. */
class LoadTurnsTest {
  private static final Executor NEW_THREAD = task -> new Thread(task).start();

  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build().recorder("fraud", "1");

  @Test
  void load_afterOneThatThrew_hasItsTurnOnAnotherThread() {
    CompletableFuture<String> first =
        CompletableFuture.supplyAsync(() -> recorder.model().load(LoadTurnsTest::fail), NEW_THREAD);
    assertThat(first).failsWithin(10, TimeUnit.SECONDS);

    CompletableFuture<String> second =
        CompletableFuture.supplyAsync(() -> recorder.model().load(() -> "model"), NEW_THREAD);
    assertThat(second).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("model");
  }

  private static String fail() {
    throw new IllegalStateException("no such file");
  }
}
