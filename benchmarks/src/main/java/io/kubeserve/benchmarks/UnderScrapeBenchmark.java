package io.kubeserve.benchmarks;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * One thread records while another collects in a loop; {@link RecordBenchmark} is the quiet pair.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Group)
public class UnderScrapeBenchmark {
  private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

  /** This library, recording. */
  @Benchmark
  @Group("ours")
  @GroupThreads(1)
  public void oursRecord(Ours ours, Latencies latencies) {
    ours.recorder.record(Duration.ofNanos(latencies.nextNanos()), Status.SUCCESS);
  }

  /** This library, collecting. */
  @Benchmark
  @Group("ours")
  @GroupThreads(1)
  public void oursScrape(Ours ours) throws IOException {
    writer.write(OutputStream.nullOutputStream(), ours.registry.scrape());
  }

  /** client_java, classic buckets only, recording. */
  @Benchmark
  @Group("clientJavaClassic")
  @GroupThreads(1)
  public void clientJavaClassicRecord(ClientJava.Classic peer, Latencies latencies) {
    peer.latency.observe(latencies.nextMillis());
    peer.successes.inc();
  }

  /** client_java, classic buckets only, collecting. */
  @Benchmark
  @Group("clientJavaClassic")
  @GroupThreads(1)
  public void clientJavaClassicScrape(ClientJava.Classic peer) throws IOException {
    writer.write(OutputStream.nullOutputStream(), peer.registry.scrape());
  }

  /** client_java by default, recording. */
  @Benchmark
  @Group("clientJavaDefault")
  @GroupThreads(1)
  public void clientJavaDefaultRecord(ClientJava.Default peer, Latencies latencies) {
    peer.latency.observe(latencies.nextMillis());
    peer.successes.inc();
  }

  /** client_java by default, collecting. */
  @Benchmark
  @Group("clientJavaDefault")
  @GroupThreads(1)
  public void clientJavaDefaultScrape(ClientJava.Default peer) throws IOException {
    writer.write(OutputStream.nullOutputStream(), peer.registry.scrape());
  }

  /** Micrometer, recording. */
  @Benchmark
  @Group("micrometer")
  @GroupThreads(1)
  public void micrometerRecord(OtherPeers.Micrometer peer, Latencies latencies) {
    peer.latency.record(latencies.nextNanos(), TimeUnit.NANOSECONDS);
    peer.successes.increment();
  }

  /** Micrometer, collecting. */
  @Benchmark
  @Group("micrometer")
  @GroupThreads(1)
  public void micrometerScrape(OtherPeers.Micrometer peer) throws IOException {
    writer.write(OutputStream.nullOutputStream(), peer.registry.getPrometheusRegistry().scrape());
  }

  /** OpenTelemetry, recording. */
  @Benchmark
  @Group("openTelemetry")
  @GroupThreads(1)
  public void openTelemetryRecord(OtherPeers.OpenTelemetry peer, Latencies latencies) {
    peer.latency.record(latencies.nextMillis(), peer.model);
    peer.successes.add(1, peer.success);
  }

  /** OpenTelemetry, collecting. */
  @Benchmark
  @Group("openTelemetry")
  @GroupThreads(1)
  public Object openTelemetryScrape(OtherPeers.OpenTelemetry peer) {
    return peer.reader.collectAllMetrics();
  }
}
