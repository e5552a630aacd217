package io.kubeserve.metrics.internal.contract;

import java.util.List;

/** The bucket bounds of {@code prediction_batch_size}. */
public final class BatchSizeBounds {
  /** The upper bounds in items, powers of two; {@code +Inf} is implied. */
  public static final List<Double> ITEMS =
      List.of(1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0);

  private BatchSizeBounds() {}
}
