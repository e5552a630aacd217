package io.kubeserve.metrics.internal.contract;

import java.util.List;

/** The classic bucket bounds of {@code prediction_latency_ms}. */
public final class LatencyBounds {
  /**
   * The upper bounds the Python inference server uses, in milliseconds; {@code +Inf} is implied.
   */
  public static final List<Double> DEFAULT_MILLIS =
      List.of(10.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0);

  /** The most bounds a configuration may have: each one is a series of every model. */
  public static final int MAX_COUNT = 64;

  private LatencyBounds() {}
}
