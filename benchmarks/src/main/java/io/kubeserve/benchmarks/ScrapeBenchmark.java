package io.kubeserve.benchmarks;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One text scrape of many models, each of which has predicted a thousand times. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ScrapeBenchmark {
  private static final int PREDICTIONS = 1000;

  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
  private final PrometheusRegistry ours = new PrometheusRegistry();
  private final PrometheusRegistry clientJava = new PrometheusRegistry();

  /** The number of models. */
  @Param({"1", "100", "1000"})
  private int models;

  /** Fills both registries with the same predictions. */
  @Setup
  public void fill() {
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(ours).maxModels(models).build();
    Histogram histogram =
        ClientJava.histogram()
            .classicOnly()
            .withoutExemplars()
            .labelNames("model", "version")
            .register(clientJava);
    Counter counter =
        ClientJava.counter()
            .withoutExemplars()
            .labelNames("model", "version", "status")
            .register(clientJava);
    Gauge inFlight =
        Gauge.builder()
            .name("predictions_in_flight")
            .help("Number of predictions that have started and not ended")
            .labelNames("model", "version")
            .register(clientJava);
    GaugeWithCallback.builder()
        .name("prediction_queue_depth")
        .help("Number of predictions in queues")
        .callback(callback -> callback.call(0))
        .register(clientJava);
    Counter.builder()
        .name("prediction_models_folded_total")
        .help("Total number of recorder requests folded into \"other\"")
        .withoutExemplars()
        .register(clientJava);
    Latencies latencies = new Latencies();
    for (int model = 0; model < models; model++) {
      PredictionRecorder recorder = metrics.recorder("m" + model, "1");
      DistributionDataPoint latency = histogram.labelValues("m" + model, "1");
      CounterDataPoint successes = counter.labelValues("m" + model, "1", "success");
      counter.labelValues("m" + model, "1", "error");
      inFlight.labelValues("m" + model, "1");
      for (int i = 0; i < PREDICTIONS; i++) {
        long nanos = latencies.nextNanos();
        recorder.record(Duration.ofNanos(nanos), Status.SUCCESS);
        latency.observe(nanos / Latencies.NANOS_PER_MILLI);
        successes.inc();
      }
    }
  }

  /** This library. */
  @Benchmark
  public void ours() throws IOException {
    writer.write(OutputStream.nullOutputStream(), ours.scrape());
  }

  /** client_java, classic buckets only, with the same series. */
  @Benchmark
  public void clientJavaClassic() throws IOException {
    writer.write(OutputStream.nullOutputStream(), clientJava.scrape());
  }
}
