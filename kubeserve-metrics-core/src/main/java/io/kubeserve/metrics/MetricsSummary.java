package io.kubeserve.metrics;

import java.time.Duration;
import java.util.List;

/**
 * What there is to know of the predictions of a server, at one moment. Immutable.
 *
 * @since 0.1.0
 */
public final class MetricsSummary {
  private final Duration window;
  private final long queueDepth;
  private final List<ModelSummary> models;

  MetricsSummary(Duration window, long queueDepth, List<ModelSummary> models) {
    this.window = window;
    this.queueDepth = queueDepth;
    this.models = List.copyOf(models);
  }

  /**
   * Returns the length of the sliding window of recent latencies.
   *
   * @return more than nothing
   */
  public Duration window() {
    return window;
  }

  /**
   * Returns how many predictions wait in the queues of the server.
   *
   * @return the value of {@code prediction_queue_depth}
   */
  public long queueDepth() {
    return queueDepth;
  }

  /**
   * Returns each model.
   *
   * @return by name and version
   */
  public List<ModelSummary> models() {
    return models;
  }

  /** Returns the window, the queue and the models. */
  @Override
  public String toString() {
    return "MetricsSummary[window=%s, queueDepth=%d, models=%s]"
        .formatted(window, queueDepth, models);
  }
}
