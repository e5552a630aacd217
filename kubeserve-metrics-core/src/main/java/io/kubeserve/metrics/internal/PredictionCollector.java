package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.MetricFamily;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The collector that shows every model's cells to a registry of client_java.
 *
 * <p>All families of a model come from one reading of its cells, so they never disagree. Safe for
 * use by many threads.
 */
public final class PredictionCollector implements MultiCollector {
  /** The families that a collector shows. */
  public static final List<MetricFamily> FAMILIES =
      MetricFamily.about(MetricFamily.Subject.PREDICTIONS);

  private static final List<String> REGISTRY_NAMES = Registration.registryNames(FAMILIES);

  private final LatencyLayout layout;
  private final Exposition exposition;
  private final Set<PredictionSeries> series = ConcurrentHashMap.newKeySet();
  private final LongAdder foldedModels = new LongAdder();
  private final QueueDepths queues;
  private final Consumer<PredictionSeries> onRetired;

  /**
   * Makes a collector without models.
   *
   * @param layout the layout of every model's cells
   * @param exposition what to show of them
   * @param queues how many predictions wait
   * @param onRetired is told of a retired model once its last counts have been shown long enough
   */
  public PredictionCollector(
      LatencyLayout layout,
      Exposition exposition,
      QueueDepths queues,
      Consumer<PredictionSeries> onRetired) {
    this.layout = layout;
    this.exposition = exposition;
    this.queues = queues;
    this.onRetired = onRetired;
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
    FamilyPoints points = new FamilyPoints();
    ModelPoints models = new ModelPoints(layout, exposition, points);
    for (PredictionSeries model : series) {
      boolean over = model.lifecycle().isOver(exposition.clock().getAsLong());
      long inFlight = models.add(model);
      if (over && inFlight == 0) {
        onRetired.accept(model);
      }
    }
    Labels server = exposition.constantLabels();
    points.gauge(MetricFamily.PREDICTION_QUEUE_DEPTH, (double) queues.sum(), server);
    points.counter(MetricFamily.PREDICTION_MODELS_FOLDED, foldedModels.sum(), server);
    return new MetricSnapshots(points.families());
  }

  // Deprecated by client_java 1.10 in favour of a method that 1.2 lacks; both versions ask for it.
  @Override
  @SuppressWarnings("deprecation")
  public List<String> getPrometheusNames() {
    return REGISTRY_NAMES;
  }
}
