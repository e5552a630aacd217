package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * A web application that has the library is undeployed; the container, which has client_java,
 * stays.
 */
class RedeployTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The application: it is loaded anew with every deployment. */
  public static final class Application implements BiConsumer<PrometheusRegistry, ExecutorService> {
    @Override
    public void accept(PrometheusRegistry registry, ExecutorService threads) {
      PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
      PredictionRecorder recorder = metrics.recorder("iris", "1");
      recorder.model().load(() -> "model");
      CompletableFuture<?>[] predictions = new CompletableFuture<?>[8];
      for (int i = 0; i < predictions.length; i++) {
        predictions[i] =
            recorder.timeQueued(
                metrics.monitorQueue(threads),
                prediction -> {
                  prediction.endStage(Stage.INFERENCE);
                  prediction.batchSize(3);
                  return "";
                });
      }
      CompletableFuture.allOf(predictions).join();
      try (PredictionStream stream = recorder.startStream()) {
        stream.item();
        stream.success();
      }
      registry.scrape();
      metrics.summary();
      metrics.unregister();
    }
  }

  @SuppressWarnings("unchecked")
  private static WeakReference<ClassLoader> deployAndUndeploy(
      PrometheusRegistry registry, ExecutorService threads) throws Exception {
    try (WebApplicationLoader loader = new WebApplicationLoader()) {
      Object application =
          loader.loadClass(Application.class.getName()).getDeclaredConstructor().newInstance();
      assertThat(application).isNotInstanceOf(Application.class);
      ((BiConsumer<PrometheusRegistry, ExecutorService>) application).accept(registry, threads);
      return new WeakReference<>(loader);
    }
  }

  @Test
  void undeployed_leavesNoSeriesAndNoClass() throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(2, 2, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
    threads.prestartAllCoreThreads();
    try {
      for (int deployment = 0; deployment < 3; deployment++) {
        WeakReference<ClassLoader> loader = deployAndUndeploy(registry, threads);

        assertThat(registry.scrape().size()).isZero();
        await()
            .atMost(LIMIT)
            .until(
                () -> {
                  System.gc();
                  return loader.get() == null;
                });
      }
    } finally {
      threads.shutdown();
    }
  }
}
