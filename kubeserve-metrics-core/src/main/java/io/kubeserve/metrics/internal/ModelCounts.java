package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What is kept of one model, read once.
 *
 * @param successes how many predictions succeeded
 * @param errors how many failed, by every reason
 * @param inFlight how many are under way
 * @param latency the latencies since the start
 * @param recent those of the sliding window
 * @param stages the times of each stage that is used
 * @param predictedItems the items of batches that succeeded
 * @param streamItems the items of streams
 */
public record ModelCounts(
    long successes,
    Map<ErrorReason, Long> errors,
    long inFlight,
    LatencyCounts latency,
    LatencyCounts recent,
    Map<Stage, LatencyCounts> stages,
    long predictedItems,
    long streamItems) {

  /**
   * Reads a model.
   *
   * @param model what is kept of it
   * @param layout the layout of its cells
   * @param clock the time
   * @return counts of which no part is more than the whole
   */
  public static ModelCounts of(PredictionSeries model, LatencyLayout layout, LongSupplier clock) {
    Recordings recordings = model.recordings();
    Map<Stage, LatencyCounts> stages = new EnumMap<>(Stage.class);
    for (Stage stage : Stage.values()) {
      PredictionCells cells = recordings.stages().get(stage);
      if (cells != null) {
        stages.put(stage, LatencyCounts.of(layout, cells));
      }
    }
    LatencyCounts recent = model.window().read(clock);
    CellReading reading = new CellReading(layout).read(recordings.cells());
    Map<ErrorReason, Long> errors = new EnumMap<>(ErrorReason.class);
    for (ErrorReason reason : ErrorReason.values()) {
      errors.put(reason, reading.count(Outcome.of(reason)));
    }
    LatencyCounts latency = LatencyCounts.of(layout, reading);
    return new ModelCounts(
        reading.successes(),
        errors,
        reading.inFlight,
        latency,
        recent,
        stages,
        recordings.batches().predictedItems.sum(),
        recordings.streams().items.sum());
  }
}
