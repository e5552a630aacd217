package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.kubeserve.metrics.internal.contract.PredictionFamilies;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusScrapeRequest;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The collector that shows every model's cells to a registry of client_java.
 *
 * <p>All families of a model come from one reading of its cells, so they never disagree. Safe for
 * use by many threads.
 */
public final class PredictionCollector implements MultiCollector {
  /** The families that a collector shows. */
  public static final List<MetricFamily> FAMILIES = PredictionFamilies.ALL;

  private static final List<String> REGISTRY_NAMES = Registration.registryNames(FAMILIES);

  private final LatencyLayout layout;
  private final Exposition exposition;
  private final ModelSource models;
  private final QueueDepths queues;
  private final long createdMillis = System.currentTimeMillis();

  /** What the last scrape read into, for the next one; {@code null} during a scrape. */
  private final AtomicReference<@Nullable CellReading> spare = new AtomicReference<>();

  /**
   * Makes a collector.
   *
   * @param layout the layout of every model's cells
   * @param exposition what to show of them
   * @param models what to show
   * @param queues how many predictions wait
   */
  public PredictionCollector(
      LatencyLayout layout, Exposition exposition, ModelSource models, QueueDepths queues) {
    this.layout = layout;
    this.exposition = exposition;
    this.models = models;
    this.queues = queues;
  }

  @Override
  public MetricSnapshots collect() {
    return collect(true);
  }

  /** What asks for some names reads, but does not see the last counts of a model. */
  @Override
  public MetricSnapshots collect(
      @Nullable Predicate<String> includedNames, @Nullable PrometheusScrapeRequest request) {
    if (includedNames == null) {
      return collect(true);
    }
    boolean isWhole = !Registration.isLooking() && REGISTRY_NAMES.stream().allMatch(includedNames);
    return new MetricSnapshots(
        collect(isWhole).stream()
            .filter(family -> includedNames.test(family.getMetadata().getPrometheusName()))
            .toList());
  }

  private MetricSnapshots collect(boolean isWhole) {
    FamilyPoints points = new FamilyPoints();
    Labels server = exposition.constantLabels();
    // Foreign code, which must not run while the models are locked.
    points.gauge(PredictionFamilies.PREDICTION_QUEUE_DEPTH, (double) queues.sum(), server);
    showModels(points, isWhole);
    points.counter(
        PredictionFamilies.PREDICTION_MODELS_FOLDED, models.foldedModels(), server, createdMillis);
    long foldedLabelSets = models.foldedLabelSets();
    if (foldedLabelSets >= 0) {
      points.counter(
          PredictionFamilies.PREDICTION_LABEL_SETS_FOLDED, foldedLabelSets, server, createdMillis);
    }
    long failedLoads = models.failedLoads();
    if (failedLoads >= 0) {
      points.counter(
          PredictionFamilies.MODEL_LOAD_FAILURES, failedLoads, server, models.firstLoadMillis());
    }
    return new MetricSnapshots(points.families());
  }

  private void showModels(FamilyPoints points, boolean isWhole) {
    CellReading last = spare.getAndSet(null);
    CellReading reading = last != null ? last : new CellReading(layout, exposition.outcomes());
    models.showTo(new ModelPoints(layout, exposition, points, reading, isWhole));
    spare.set(reading);
  }

  // Deprecated by client_java 1.10 in favour of a method that 1.2 lacks; both versions ask for it.
  @Override
  @SuppressWarnings("deprecation")
  public List<String> getPrometheusNames() {
    return REGISTRY_NAMES;
  }
}
