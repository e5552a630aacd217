package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.Declared;
import io.kubeserve.metrics.internal.Outcome;
import io.kubeserve.metrics.internal.Recordings;

/**
 * What is known of the inside of one prediction: its stages and its items. Most predictions tell
 * nothing of it, and have none. Guarded by the prediction.
 *
 * <p>The stages come one after the other: each begins where the one before ended, so together they
 * never take longer than the prediction.
 */
final class PredictionParts {
  private static final int NO_BATCH = -1;

  private final Declared<Stage> stages;
  private final long[] stageNanos;
  private int stagesTold;
  private long lastEndNanos;
  private int items = NO_BATCH;

  PredictionParts(Declared<Stage> stages, long startNanos) {
    this.stages = stages;
    this.stageNanos = new long[stages.size()];
    this.lastEndNanos = startNanos;
  }

  /** Ends a stage; a clock that another thread has read later counts as standing still. */
  void end(Stage stage, long nowNanos) {
    int index = stages.indexOf(stage);
    long elapsed = Math.max(0, nowNanos - lastEndNanos);
    stageNanos[index] += elapsed;
    stagesTold |= 1 << index;
    lastEndNanos += elapsed;
  }

  void batchSize(int ofItems) {
    items = Math.max(0, ofItems);
  }

  long lastEndNanos() {
    return lastEndNanos;
  }

  /** Counts every part once. */
  void recordTo(Recordings recordings, Outcome outcome) {
    for (int index = 0; index < stageNanos.length; index++) {
      if ((stagesTold & 1 << index) != 0) {
        recordings.stages().record(index, stageNanos[index]);
      }
    }
    if (items != NO_BATCH) {
      recordings.batches().record(items, outcome);
    }
  }
}
