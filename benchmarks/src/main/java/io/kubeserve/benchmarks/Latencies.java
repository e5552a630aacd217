package io.kubeserve.benchmarks;

import io.kubeserve.metrics.internal.contract.LatencyBounds;
import java.util.Random;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Log-normal latencies around 60 ms, the same for every thread and every library. */
@State(Scope.Thread)
public class Latencies {
  static final double NANOS_PER_MILLI = 1e6;
  static final double[] BOUNDS_MILLIS =
      LatencyBounds.DEFAULT_MILLIS.stream().mapToDouble(Double::doubleValue).toArray();

  private static final int COUNT = 1 << 13;
  private static final double MEDIAN_MILLIS = 60;

  private final long[] nanos = new long[COUNT];
  private int next;

  /** Draws the latencies. */
  public Latencies() {
    Random random = new Random(42);
    for (int i = 0; i < COUNT; i++) {
      nanos[i] = (long) (MEDIAN_MILLIS * NANOS_PER_MILLI * Math.exp(random.nextGaussian()));
    }
  }

  long nextNanos() {
    next = (next + 1) & (COUNT - 1);
    return nanos[next];
  }

  double nextMillis() {
    return nextNanos() / NANOS_PER_MILLI;
  }
}
