package io.kubeserve.benchmarks;

import io.kubeserve.metrics.internal.contract.BatchSizeBounds;
import io.kubeserve.metrics.internal.contract.StreamBounds;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
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

  /** The series of batches, stages and streams, at their cheapest. */
  @State(Scope.Benchmark)
  public static class Features {
    final PrometheusRegistry registry = new PrometheusRegistry();
    final DistributionDataPoint latency = cheap("prediction_latency_ms", Latencies.BOUNDS_MILLIS);
    final CounterDataPoint successes =
        counter().withoutExemplars().labelNames("status").register(registry).labelValues("success");
    final DistributionDataPoint batchSize =
        cheap("prediction_batch_size", bounds(BatchSizeBounds.ITEMS));
    final CounterDataPoint items =
        Counter.builder().name("items_total").withoutExemplars().register(registry);
    final DistributionDataPoint firstItem =
        cheap("first_item_seconds", bounds(StreamBounds.FIRST_ITEM_SECONDS));
    final DistributionDataPoint betweenItems =
        cheap("between_items_seconds", bounds(StreamBounds.BETWEEN_ITEMS_SECONDS));
    private final Histogram stages =
        Histogram.builder()
            .name("prediction_stage_latency_ms")
            .classicUpperBounds(Latencies.BOUNDS_MILLIS)
            .classicOnly()
            .withoutExemplars()
            .labelNames("stage")
            .register(registry);
    final DistributionDataPoint preprocess = stages.labelValues("preprocess");
    final DistributionDataPoint inference = stages.labelValues("inference");
    final DistributionDataPoint postprocess = stages.labelValues("postprocess");

    private DistributionDataPoint cheap(String name, double[] bounds) {
      return Histogram.builder()
          .name(name)
          .classicUpperBounds(bounds)
          .classicOnly()
          .withoutExemplars()
          .register(registry);
    }

    private static double[] bounds(List<Double> bounds) {
      return bounds.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }
}
