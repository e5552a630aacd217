package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.ModelCounts;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What there is to know of one model, at one moment.
 *
 * @param model its name; empty if the server has one model that nobody named
 * @param version its version; empty as {@code model} is
 * @param ready whether it can predict; empty if nobody told of its load
 * @param successes how many predictions succeeded
 * @param errors how many failed, by reason; every reason is there
 * @param inFlight how many are under way
 * @param latency the latencies since the start
 * @param recentLatency those of the sliding window
 * @param stages the times of each stage that was told, since the start
 * @param items how many items batches and streams have had, since the start
 */
public record ModelSummary(
    String model,
    String version,
    Optional<Boolean> ready,
    long successes,
    Map<ErrorReason, Long> errors,
    long inFlight,
    LatencySnapshot latency,
    LatencySnapshot recentLatency,
    Map<Stage, LatencySnapshot> stages,
    ItemCounts items) {

  /**
   * How many items there were beside the predictions themselves.
   *
   * @param predicted the items of batches that succeeded
   * @param streamed the items that streams have sent
   */
  public record ItemCounts(long predicted, long streamed) {}

  static final Comparator<PredictionSeries> BY_NAME =
      Comparator.<PredictionSeries, String>comparing(ModelSummary::model)
          .thenComparing(ModelSummary::version);

  static String model(PredictionSeries series) {
    return info(series, LabelName.MODEL);
  }

  static String version(PredictionSeries series) {
    return info(series, LabelName.VERSION);
  }

  private static String info(PredictionSeries series, String label) {
    Labels info = series.infoLabels();
    return info == null ? "" : Objects.requireNonNullElse(info.get(label), "");
  }

  static ModelSummary of(PredictionSeries series, LatencyLayout layout, Ticker ticker) {
    ModelCounts counts = ModelCounts.of(series, layout, ticker::nanos);
    Map<Stage, LatencySnapshot> stages = new EnumMap<>(Stage.class);
    counts.stages().forEach((stage, times) -> stages.put(stage, new LatencySnapshot(times)));
    return new ModelSummary(
        model(series),
        version(series),
        series.lifecycle().isTold() ? Optional.of(series.lifecycle().isReady()) : Optional.empty(),
        counts.successes(),
        counts.errors(),
        counts.inFlight(),
        new LatencySnapshot(counts.latency()),
        new LatencySnapshot(counts.recent()),
        stages,
        new ItemCounts(counts.predictedItems(), counts.streamItems()));
  }
}
