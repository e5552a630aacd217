package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.StageCells;
import java.util.EnumMap;
import java.util.Map;

/**
 * The stages of one prediction, one after the other: each begins where the one before ended, so
 * together they never take longer than the prediction. Guarded by the prediction.
 */
final class StageTimes {
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);
  private long lastEndNanos;

  StageTimes(long startNanos) {
    this.lastEndNanos = startNanos;
  }

  /** Ends a stage; a clock that another thread has read later counts as standing still. */
  void end(Stage stage, long nowNanos) {
    long elapsed = Math.max(0, nowNanos - lastEndNanos);
    nanos.merge(stage, elapsed, Long::sum);
    lastEndNanos += elapsed;
  }

  long lastEndNanos() {
    return lastEndNanos;
  }

  /** Counts every stage once. */
  void recordTo(StageCells cells) {
    nanos.forEach(cells::record);
  }
}
