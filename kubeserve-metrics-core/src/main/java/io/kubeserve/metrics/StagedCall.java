package io.kubeserve.metrics;

import org.jspecify.annotations.Nullable;

/**
 * A call that says where each of its stages ends.
 *
 * @param <T> what it returns
 * @param <X> what it throws
 * @since 0.1.0
 */
@FunctionalInterface
public interface StagedCall<T extends @Nullable Object, X extends Throwable> {
  /**
   * Makes the call.
   *
   * @param prediction for {@link Prediction#endStage}
   * @return the result
   * @throws X as it likes
   */
  T call(Prediction prediction) throws X;
}
