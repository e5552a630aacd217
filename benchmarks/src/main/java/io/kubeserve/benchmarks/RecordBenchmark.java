package io.kubeserve.benchmarks;

import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/** One prediction: its latency into eight bounds, and a success counted. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordBenchmark {
  /** This library. */
  @Benchmark
  public void ours(Ours ours, Latencies latencies) {
    ours.recorder.record(Duration.ofNanos(latencies.nextNanos()), Status.SUCCESS);
  }

  /** client_java, classic buckets only. */
  @Benchmark
  public void clientJavaClassic(ClientJava.Classic peer, Latencies latencies) {
    peer.latency.observe(latencies.nextMillis());
    peer.successes.inc();
  }

  /** client_java by default. */
  @Benchmark
  public void clientJavaDefault(ClientJava.Default peer, Latencies latencies) {
    peer.latency.observe(latencies.nextMillis());
    peer.successes.inc();
  }

  /** Micrometer. */
  @Benchmark
  public void micrometer(OtherPeers.Micrometer peer, Latencies latencies) {
    peer.latency.record(latencies.nextNanos(), TimeUnit.NANOSECONDS);
    peer.successes.increment();
  }

  /** OpenTelemetry. */
  @Benchmark
  public void openTelemetry(OtherPeers.OpenTelemetry peer, Latencies latencies) {
    peer.latency.record(latencies.nextMillis(), peer.model);
    peer.successes.add(1, peer.success);
  }

  /** Dropwizard Metrics. */
  @Benchmark
  public void dropwizard(OtherPeers.Dropwizard peer, Latencies latencies) {
    peer.latency.update(latencies.nextNanos(), TimeUnit.NANOSECONDS);
    peer.successes.inc();
  }

  /** HdrHistogram. */
  @Benchmark
  public void hdrHistogram(OtherPeers.Hdr peer, Latencies latencies) {
    peer.latency.recordValue(latencies.nextNanos());
    peer.successes.increment();
  }
}
