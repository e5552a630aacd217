package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.ModelCounts;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What there is to know of one model, at one moment. Immutable.
 *
 * @since 0.1.0
 */
public final class ModelSummary {
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

  // Not the series, which would keep the cells of a model that has gone.
  private final String model;
  private final String version;
  private final Optional<Boolean> ready;
  private final ModelCounts counts;
  private final LatencySnapshot latency;
  private final LatencySnapshot recentLatency;
  private final Map<Stage, LatencySnapshot> stages = new LinkedHashMap<>();

  ModelSummary(PredictionSeries series, Ticker ticker) {
    this.model = model(series);
    this.version = version(series);
    this.counts = ModelCounts.of(series, ticker::nanos);
    this.ready =
        series.lifecycle().isTold() ? Optional.of(series.lifecycle().isReady()) : Optional.empty();
    this.latency = new LatencySnapshot(counts.latency());
    this.recentLatency = new LatencySnapshot(counts.recent());
    counts.stages().forEach((stage, times) -> stages.put(stage, new LatencySnapshot(times)));
  }

  /**
   * Returns the name of the model.
   *
   * @return empty if the server has one model that nobody named
   */
  public String model() {
    return model;
  }

  /**
   * Returns the version of the model.
   *
   * @return empty as {@link #model} is
   */
  public String version() {
    return version;
  }

  /**
   * Returns whether the model can predict.
   *
   * @return empty if {@link ServedModel#load} never loaded it
   */
  public Optional<Boolean> ready() {
    return ready;
  }

  /**
   * Returns how many predictions succeeded.
   *
   * @return since the start
   */
  public long successes() {
    return counts.successes();
  }

  /**
   * Returns how many predictions failed.
   *
   * @return by reason, since the start; every reason is there
   */
  public Map<ErrorReason, Long> errors() {
    return Collections.unmodifiableMap(counts.errors());
  }

  /**
   * Returns how many predictions are under way.
   *
   * @return at least 0
   */
  public long inFlight() {
    return counts.inFlight();
  }

  /**
   * Returns the latencies since the start.
   *
   * @return those of every prediction that has ended
   */
  public LatencySnapshot latency() {
    return latency;
  }

  /**
   * Returns the latencies of the sliding window.
   *
   * @return as {@link ServedModel#recentLatency} does
   */
  public LatencySnapshot recentLatency() {
    return recentLatency;
  }

  /**
   * Returns the times of each stage that was used.
   *
   * @return since the start
   */
  public Map<Stage, LatencySnapshot> stages() {
    return Collections.unmodifiableMap(stages);
  }

  /**
   * Returns how many items the batches had that succeeded.
   *
   * @return since the start
   */
  public long predictedItems() {
    return counts.predictedItems();
  }

  /**
   * Returns how many items streams have sent.
   *
   * @return since the start
   */
  public long streamedItems() {
    return counts.streamItems();
  }

  /** Returns the model, its counts and its percentiles. */
  @Override
  public String toString() {
    return "ModelSummary[model=%s, version=%s, ready=%s, successes=%d, errors=%s, inFlight=%d, latency=%s]"
        .formatted(
            model(),
            version(),
            ready.map(Object::toString).orElse("unknown"),
            successes(),
            errors(),
            inFlight(),
            latency);
  }
}
