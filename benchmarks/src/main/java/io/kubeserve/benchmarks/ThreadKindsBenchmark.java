package io.kubeserve.benchmarks;

import io.kubeserve.metrics.contract.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The same predictions on a pool of platform threads and on a virtual thread for each task, where
 * the JVM reports 16 processors. Requires JDK 21.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
@Fork(jvmArgsAppend = "-XX:ActiveProcessorCount=16")
public class ThreadKindsBenchmark {
  private static final int TASKS = 100_000;
  private static final int PREDICTIONS_OF_TASK = 100;
  private static final int POOL = 64;

  /** The kind of thread. */
  @Param({"platform", "virtual"})
  private String kind = "";

  private final Latencies latencies = new Latencies();

  private ExecutorService executor = Executors.newFixedThreadPool(POOL);

  /**
   * Makes the executor.
   *
   * @throws ReflectiveOperationException if it cannot be made
   */
  @Setup
  public void start() throws ReflectiveOperationException {
    if (kind.equals("virtual")) {
      executor.shutdown();
      executor = Footprint.virtualThreadPerTask();
    }
  }

  /** Ends the threads, for which the JVM would wait. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }

  /** All tasks, as many of them concurrently as there can be. */
  @Benchmark
  @OperationsPerInvocation(TASKS * PREDICTIONS_OF_TASK)
  public void record(Ours ours) throws ExecutionException, InterruptedException {
    List<Future<?>> ends = new ArrayList<>(TASKS);
    for (int task = 0; task < TASKS; task++) {
      Duration latency = Duration.ofNanos(latencies.nextNanos());
      ends.add(
          executor.submit(
              () -> {
                for (int i = 0; i < PREDICTIONS_OF_TASK; i++) {
                  ours.recorder.record(latency, Status.SUCCESS);
                }
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
  }
}
