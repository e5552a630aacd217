package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.MetricFamily;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The collector that shows every model's cells to a registry of client_java.
 *
 * <p>All families of a model come from one reading of its cells, so they never disagree. Safe for
 * use by many threads.
 */
public final class PredictionCollector implements MultiCollector {
  /** The names of every family, as client_java's registry knows them. */
  public static final List<String> REGISTRY_NAMES =
      Arrays.stream(MetricFamily.values()).map(MetricFamily::registryName).toList();

  private static final long NO_CREATED_TIMESTAMP = 0;

  private final LatencyLayout layout;
  private final Labels constantLabels;
  private final Set<PredictionSeries> series = ConcurrentHashMap.newKeySet();
  private final LongAdder foldedModels = new LongAdder();

  /**
   * Makes a collector without models.
   *
   * @param layout the layout of every model's cells
   * @param constantLabels the labels of the collector's own series
   */
  public PredictionCollector(LatencyLayout layout, Labels constantLabels) {
    this.layout = layout;
    this.constantLabels = constantLabels;
  }

  /**
   * Shows a model from now on.
   *
   * @param model its cells and labels
   */
  public void add(PredictionSeries model) {
    series.add(model);
  }

  /**
   * Shows a model no longer.
   *
   * @param model what was added
   * @return whether it was shown until now
   */
  public boolean remove(PredictionSeries model) {
    return series.remove(model);
  }

  /** Counts a request for a recorder that was folded into {@code other}. */
  public void countFolded() {
    foldedModels.increment();
  }

  @Override
  public MetricSnapshots collect() {
    List<HistogramDataPointSnapshot> latencies = new ArrayList<>();
    List<CounterDataPointSnapshot> predictions = new ArrayList<>();
    List<GaugeDataPointSnapshot> inFlight = new ArrayList<>();
    CellReading reading = new CellReading(layout);
    for (PredictionSeries model : series) {
      reading.read(model.cells());
      latencies.add(latency(model, reading));
      predictions.add(counter(reading.successes, model.successLabels()));
      predictions.add(counter(reading.errors, model.errorLabels()));
      inFlight.add(new GaugeDataPointSnapshot(reading.inFlight, model.labels(), null));
    }
    List<MetricSnapshot> families = new ArrayList<>();
    families.add(
        new CounterSnapshot(
            metadata(MetricFamily.PREDICTION_MODELS_FOLDED),
            List.of(counter(foldedModels.sum(), constantLabels))));
    if (!latencies.isEmpty()) {
      families.add(new HistogramSnapshot(metadata(MetricFamily.PREDICTION_LATENCY), latencies));
      families.add(new CounterSnapshot(metadata(MetricFamily.PREDICTIONS), predictions));
      families.add(new GaugeSnapshot(metadata(MetricFamily.PREDICTIONS_IN_FLIGHT), inFlight));
    }
    return new MetricSnapshots(families);
  }

  private HistogramDataPointSnapshot latency(PredictionSeries model, CellReading reading) {
    return new HistogramDataPointSnapshot(
        ClassicHistogramBuckets.of(layout.classicBounds(), reading.classicCounts()),
        reading.sumMillis(),
        model.labels(),
        Exemplars.EMPTY,
        NO_CREATED_TIMESTAMP);
  }

  private static CounterDataPointSnapshot counter(long value, Labels labels) {
    return new CounterDataPointSnapshot(value, labels, null, NO_CREATED_TIMESTAMP);
  }

  private static MetricMetadata metadata(MetricFamily family) {
    return new MetricMetadata(family.registryName(), family.help());
  }

  // Deprecated by client_java 1.10 in favour of a method that 1.2 lacks; both versions ask for it.
  @Override
  @SuppressWarnings("deprecation")
  public List<String> getPrometheusNames() {
    return REGISTRY_NAMES;
  }
}
