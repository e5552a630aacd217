package io.kubeserve.benchmarks;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** client_java's histogram and counter: as cheap as it can be told to be, and by default. */
public final class ClientJava {
  private ClientJava() {}

  static Histogram.Builder histogram() {
    return Histogram.builder()
        .name("prediction_latency_ms")
        .help("Prediction latency in milliseconds")
        .classicUpperBounds(Latencies.BOUNDS_MILLIS);
  }

  static Counter.Builder counter() {
    return Counter.builder().name("predictions_total").help("Total number of predictions");
  }

  /** Classic buckets only, no exemplars. */
  @State(Scope.Benchmark)
  public static class Classic {
    final PrometheusRegistry registry = new PrometheusRegistry();
    final DistributionDataPoint latency =
        histogram()
            .classicOnly()
            .withoutExemplars()
            .labelNames("model")
            .register(registry)
            .labelValues("m");
    final CounterDataPoint successes =
        counter().withoutExemplars().labelNames("status").register(registry).labelValues("success");
  }

  /** Classic and native buckets, exemplars on. */
  @State(Scope.Benchmark)
  public static class Default {
    final PrometheusRegistry registry = new PrometheusRegistry();
    final DistributionDataPoint latency =
        histogram().labelNames("model").register(registry).labelValues("m");
    final CounterDataPoint successes =
        counter().labelNames("status").register(registry).labelValues("success");
  }
}
