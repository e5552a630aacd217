package io.kubeserve.benchmarks;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.ThrowingSupplier;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A whole call of {@code time()}, beside the two clock reads that it cannot do without. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class TimeBenchmark {
  private final Object result = new Object();
  private final ThrowingSupplier<Object, RuntimeException> call = () -> result;

  /** Two clock reads and nothing else. */
  @Benchmark
  public long floor() {
    long start = System.nanoTime();
    return System.nanoTime() - start;
  }

  /** The lambda form. */
  @Benchmark
  public Object time(Ours ours) {
    return ours.recorder.time(call);
  }

  /** The handle form. */
  @Benchmark
  public Object start(Ours ours) {
    try (Prediction prediction = ours.recorder.start()) {
      Object answer = call.get();
      prediction.success();
      return answer;
    }
  }
}
