package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Recording allocates nothing once it is warm.
 *
 * <p>The lambdas here capture only {@code this}'s fields that were read before, so they are made
 * once. A lambda that captures locals is a new object for each call, unless the JIT compiler
 * inlines {@code time} into its caller; that object is the caller's, and about 16 to 24 bytes.
 */
class AllocationTest {
  private static final int WARM_UP = 200_000;
  private static final int MEASURED = 100_000;

  /** What the measurement itself may cost, in all: far less than a byte for each call. */
  private static final long TOLERANCE_BYTES = 4096;

  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build().recorder();
  private final Object result = new Object();
  private final ThrowingSupplier<Object, RuntimeException> call = () -> result;
  private final ThrowingRunnable<RuntimeException> task = () -> {};
  private final IllegalStateException failure = new IllegalStateException();
  private final ThrowingSupplier<Object, IllegalStateException> failing =
      () -> {
        throw failure;
      };

  @Test
  void time_success_allocatesNothing() {
    assertAllocatesNothing(() -> recorder.time(call));
  }

  @Test
  void time_failure_allocatesNothing() {
    assertAllocatesNothing(
        () -> {
          try {
            recorder.time(failing);
          } catch (IllegalStateException expected) {
            assertThatSame(expected);
          }
        });
  }

  private void assertThatSame(IllegalStateException expected) {
    if (expected != failure) {
      throw new AssertionError(expected);
    }
  }

  @Test
  void run_allocatesNothing() {
    assertAllocatesNothing(() -> recorder.run(task));
  }

  @Test
  void record_allocatesNothing() {
    Duration elapsed = Duration.ofNanos(1_234_567);
    assertAllocatesNothing(() -> recorder.record(elapsed, Status.SUCCESS));
  }

  @Test
  void labelled_allocatesNothing() {
    PredictionRecorder acme =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .labelNames("tenant")
            .build()
            .recorder()
            .withLabelValues("acme");
    assertAllocatesNothing(() -> acme.run(task));
  }

  private static void assertAllocatesNothing(Runnable prediction) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < WARM_UP; i++) {
      prediction.run();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < MEASURED; i++) {
      prediction.run();
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).isLessThan(TOLERANCE_BYTES);
  }
}
