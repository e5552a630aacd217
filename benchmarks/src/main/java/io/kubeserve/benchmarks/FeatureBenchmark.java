package io.kubeserve.benchmarks;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.StagedCall;
import io.kubeserve.metrics.ThrowingSupplier;
import io.kubeserve.metrics.contract.Stage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * A prediction with each feature on, and what client_java takes for the same series at its
 * cheapest: labels bound beforehand, classic buckets only, no exemplars, nothing for reasons of
 * errors or for what is in flight.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class FeatureBenchmark {
  private static final int ITEMS = 10;

  private final Object result = new Object();
  private final IllegalStateException failure = new IllegalStateException();
  private final ThrowingSupplier<Object, RuntimeException> call = () -> result;
  private final ThrowingSupplier<Object, IllegalStateException> failing =
      () -> {
        throw failure;
      };
  private final StagedCall<Object, RuntimeException> staged = this::threeStages;
  private final StagedCall<Object, RuntimeException> plain = prediction -> result;

  private Object threeStages(Prediction prediction) {
    prediction.endStage(Stage.PREPROCESS);
    prediction.endStage(Stage.INFERENCE);
    prediction.endStage(Stage.POSTPROCESS);
    return result;
  }

  /** An error and the search for its reason. */
  @Benchmark
  public Object error(Ours ours) {
    try {
      return ours.recorder.time(failing);
    } catch (IllegalStateException expected) {
      return expected;
    }
  }

  /** A batch. */
  @Benchmark
  public Object batch(Ours ours) {
    return ours.recorder.timeStages(
        prediction -> {
          prediction.batchSize(ITEMS);
          return call.get();
        });
  }

  /** Three stages. */
  @Benchmark
  public Object stages(Ours ours) {
    return ours.recorder.timeStages(staged);
  }

  /** A queue whose executor runs the call at once, on the same thread. */
  @Benchmark
  public Future<Object> queue(Ours ours) {
    return ours.recorder.timeQueued(Runnable::run, plain);
  }

  /** A stream of ten items. */
  @Benchmark
  public Object stream(Ours ours) {
    try (PredictionStream stream = ours.recorder.startStream()) {
      for (int i = 0; i < ITEMS; i++) {
        stream.item();
      }
      stream.success();
      return stream;
    }
  }

  /** A batch: latency, size, predictions, items. */
  @Benchmark
  public Object batchClientJava(ClientJava.Features peer) {
    long start = System.nanoTime();
    Object answer = call.get();
    peer.latency.observe((System.nanoTime() - start) / 1e6);
    peer.successes.inc();
    peer.batchSize.observe(ITEMS);
    peer.items.inc(ITEMS);
    return answer;
  }

  /** Three stages: four latencies and the count. */
  @Benchmark
  public Object stagesClientJava(ClientJava.Features peer) {
    long start = System.nanoTime();
    long encoded = System.nanoTime();
    peer.preprocess.observe((encoded - start) / 1e6);
    Object answer = call.get();
    long inferred = System.nanoTime();
    peer.inference.observe((inferred - encoded) / 1e6);
    long decoded = System.nanoTime();
    peer.postprocess.observe((decoded - inferred) / 1e6);
    peer.latency.observe((System.nanoTime() - start) / 1e6);
    peer.successes.inc();
    return answer;
  }

  /** A stream of ten items: each gap observed. */
  @Benchmark
  public long streamClientJava(ClientJava.Features peer) {
    long start = System.nanoTime();
    long last = start;
    for (int i = 0; i < ITEMS; i++) {
      long now = System.nanoTime();
      (i == 0 ? peer.firstItem : peer.betweenItems).observe((now - last) / 1e9);
      peer.items.inc();
      last = now;
    }
    peer.latency.observe((System.nanoTime() - start) / 1e6);
    peer.successes.inc();
    return last;
  }
}
