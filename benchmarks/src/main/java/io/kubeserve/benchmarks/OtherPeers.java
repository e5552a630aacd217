package io.kubeserve.benchmarks;

import com.codahale.metrics.MetricRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The peers that do not speak client_java. */
public final class OtherPeers {
  private OtherPeers() {}

  /** Micrometer's timer with eight service level objectives, and a counter. */
  @State(Scope.Benchmark)
  public static class Micrometer {
    final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final Timer latency =
        Timer.builder("prediction.latency")
            .serviceLevelObjectives(
                Arrays.stream(Latencies.BOUNDS_MILLIS)
                    .mapToObj(bound -> Duration.ofMillis((long) bound))
                    .toArray(Duration[]::new))
            .register(registry);
    final Counter successes =
        Counter.builder("predictions").tag("status", "success").register(registry);
  }

  /** OpenTelemetry's histogram of explicit bounds and a counter, with a reader attached. */
  @State(Scope.Benchmark)
  public static class OpenTelemetry {
    final InMemoryMetricReader reader = InMemoryMetricReader.create();
    final Attributes model = Attributes.of(AttributeKey.stringKey("model"), "m");
    final Attributes success = Attributes.of(AttributeKey.stringKey("status"), "success");
    final DoubleHistogram latency;
    final LongCounter successes;

    /** Builds the instruments. */
    public OpenTelemetry() {
      Meter meter = SdkMeterProvider.builder().registerMetricReader(reader).build().get("bench");
      latency =
          meter
              .histogramBuilder("prediction_latency_ms")
              .setExplicitBucketBoundariesAdvice(
                  Arrays.stream(Latencies.BOUNDS_MILLIS).boxed().toList())
              .build();
      successes = meter.counterBuilder("predictions").build();
    }
  }

  /** Dropwizard's timer and counter. */
  @State(Scope.Benchmark)
  public static class Dropwizard {
    final MetricRegistry registry = new MetricRegistry();
    final com.codahale.metrics.Timer latency = registry.timer("prediction.latency");
    final com.codahale.metrics.Counter successes = registry.counter("predictions.success");
  }

  /** HdrHistogram's concurrent recorder and an adder. */
  @State(Scope.Benchmark)
  public static class Hdr {
    final Recorder latency = new Recorder(3_600_000_000_000L, 2);
    final LongAdder successes = new LongAdder();
  }
}
