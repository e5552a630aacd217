package io.kubeserve.metrics;

/**
 * A call that returns nothing and may throw.
 *
 * @param <X> what the call throws; for a lambda that throws nothing checked, nothing
 * @since 0.1.0
 */
@FunctionalInterface
public interface ThrowingRunnable<X extends Throwable> {
  /**
   * Makes the call.
   *
   * @throws X as the call does
   */
  void run() throws X;
}
