package io.kubeserve.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A call that returns a result and may throw.
 *
 * @param <T> the type of the result
 * @param <X> what the call throws; for a lambda that throws nothing checked, nothing
 * @since 0.1.0
 */
@FunctionalInterface
public interface ThrowingSupplier<T extends @Nullable Object, X extends Throwable> {
  /**
   * Makes the call.
   *
   * @return its result
   * @throws X as the call does
   */
  T get() throws X;
}
