package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import java.util.LinkedHashMap;
import java.util.List;
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
   * @param clock the time
   * @return counts of which no part is more than the whole
   */
  public static ModelCounts of(PredictionSeries model, LongSupplier clock) {
    List<Recordings> all = model.all().stream().map(LabelSet::recordings).toList();
    Map<Stage, LatencyCounts> stages = stages(all);
    LatencyCounts recent = model.recentLatency(clock);
    CellReading reading = model.reading();
    Map<ErrorReason, Long> errors = new LinkedHashMap<>();
    Outcomes outcomes = model.recordings().classifier().outcomes();
    for (ErrorReason reason : outcomes.reasons()) {
      errors.put(reason, reading.count(outcomes.of(reason)));
    }
    return new ModelCounts(
        reading.successes(),
        errors,
        reading.inFlight,
        LatencyCounts.of(model.recordings().cells().layout(), reading),
        recent,
        stages,
        all.stream().mapToLong(ModelCounts::predictedItems).sum(),
        all.stream().mapToLong(ModelCounts::streamItems).sum());
  }

  private static long predictedItems(Recordings part) {
    BatchCells batches = part.usedBatches();
    return batches == null ? 0 : batches.predictedItems.sum();
  }

  private static long streamItems(Recordings part) {
    StreamCells streams = part.usedStreams();
    return streams == null ? 0 : streams.items.sum();
  }

  private static Map<Stage, LatencyCounts> stages(List<Recordings> all) {
    Map<Stage, LatencyCounts> stages = new LinkedHashMap<>();
    LatencyLayout layout = all.get(0).cells().layout();
    Declared<Stage> declared = all.get(0).stages().stages();
    for (int index = 0; index < declared.size(); index++) {
      CellReading reading = null;
      for (Recordings part : all) {
        StripedCells cells = part.stages().get(index);
        if (cells == null) {
          continue;
        }
        if (reading == null) {
          reading = new CellReading(layout, Outcomes.SUCCESS_ALONE);
        }
        reading.add(Outcome.SUCCESS.index(), cells);
      }
      if (reading != null) {
        stages.put(declared.get(index), LatencyCounts.of(layout, reading));
      }
    }
    return stages;
  }
}
