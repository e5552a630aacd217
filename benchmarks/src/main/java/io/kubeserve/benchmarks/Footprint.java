package io.kubeserve.benchmarks;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.openjdk.jol.info.GraphLayout;

/**
 * The bytes that one more model keeps, found by walking the graph of objects before and after a
 * number of them were added.
 */
final class Footprint {
  private static final int MODELS = 50;
  private static final int THREADS = 8;
  private static final int OBSERVATIONS = 1_000_000;

  private Footprint() {}

  /** Measures every case, by its name. */
  static Map<String, Long> measure() throws InterruptedException {
    // JOL asks for it where it meets a lambda, whose fields it cannot look up otherwise.
    System.setProperty("jol.magicFieldOffset", "true");
    Map<String, Long> bytes = new LinkedHashMap<>();
    bytes.put("ours, idle", ours(false));
    bytes.put("ours, busy", ours(true));
    bytes.put("client_java classic, idle", clientJava(true, false));
    bytes.put("client_java classic, busy", clientJava(true, true));
    bytes.put("client_java default, idle", clientJava(false, false));
    bytes.put("client_java default, busy", clientJava(false, true));
    return bytes;
  }

  private static long ours(boolean busy) throws InterruptedException {
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).maxModels(MODELS + 1).build();
    return perModel(
        metrics,
        busy,
        model -> {
          PredictionRecorder recorder = metrics.recorder("m" + model, "1");
          return nanos -> recorder.record(Duration.ofNanos(nanos), Status.SUCCESS);
        });
  }

  private static long clientJava(boolean classic, boolean busy) throws InterruptedException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Histogram.Builder histogramBuilder = ClientJava.histogram().labelNames("model", "version");
    Counter.Builder counterBuilder = ClientJava.counter().labelNames("model", "version", "status");
    if (classic) {
      histogramBuilder.classicOnly().withoutExemplars();
      counterBuilder.withoutExemplars();
    }
    Histogram histogram = histogramBuilder.register(registry);
    Counter counter = counterBuilder.register(registry);
    return perModel(
        registry,
        busy,
        model -> {
          DistributionDataPoint latency = histogram.labelValues("m" + model, "1");
          CounterDataPoint successes = counter.labelValues("m" + model, "1", "success");
          counter.labelValues("m" + model, "1", "error");
          return nanos -> {
            latency.observe(nanos / Latencies.NANOS_PER_MILLI);
            successes.inc();
          };
        });
  }

  /** Makes a model that latencies can be recorded in. */
  private interface Models {
    LongConsumer add(int model);
  }

  private static long perModel(Object root, boolean busy, Models models)
      throws InterruptedException {
    // The first one pays for what all share, and for threads' probes.
    use(models.add(0), busy);
    long before = GraphLayout.parseInstance(root).totalSize();
    for (int model = 1; model <= MODELS; model++) {
      use(models.add(model), busy);
    }
    return (GraphLayout.parseInstance(root).totalSize() - before) / MODELS;
  }

  private static void use(LongConsumer latency, boolean busy) throws InterruptedException {
    if (busy) {
      inThreads(
          thread -> {
            Latencies latencies = new Latencies();
            for (int i = 0; i < OBSERVATIONS / THREADS; i++) {
              latency.accept(latencies.nextNanos());
            }
          });
    }
  }

  private static void inThreads(IntConsumer body) throws InterruptedException {
    Thread[] threads = new Thread[THREADS];
    for (int i = 0; i < THREADS; i++) {
      int thread = i;
      threads[i] = new Thread(() -> body.accept(thread));
      threads[i].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
