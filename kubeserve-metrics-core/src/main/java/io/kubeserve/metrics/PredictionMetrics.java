package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.internal.ExemplarSampler;
import io.kubeserve.metrics.internal.Exposition;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.LatencyWindow;
import io.kubeserve.metrics.internal.PredictionCells;
import io.kubeserve.metrics.internal.PredictionCollector;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.Registration;
import io.kubeserve.metrics.internal.StageCells;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The prediction metrics of one registry, and where its recorders come from.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="quickstart"}
 *
 * <p>Build it once at start-up. Recorders are looked up under a lock: get them at start-up too.
 * Safe for use by many threads.
 */
public final class PredictionMetrics implements AutoCloseable {
  /** The model and the version of what is recorded beyond {@code maxModels}: {@value}. */
  public static final String OTHER = "other";

  private final PrometheusRegistry registry;
  private final Ticker ticker;
  private final int maxModels;
  private final Labels constantLabels;
  private final LatencyLayout layout;
  private final boolean exemplars;
  private final @Nullable SpanContext spanContext;
  private final long windowNanos;
  private final PredictionCollector collector;

  // Guarded by this. The limit is on the pairs that a caller named: neither the recorder without
  // labels nor the one for OTHER counts.
  private final Map<Labels, PredictionRecorder> recorders = new HashMap<>();
  private int models;
  private boolean closed;

  PredictionMetrics(PredictionMetricsBuilder builder) {
    this.registry = builder.registry;
    this.ticker = builder.ticker;
    this.maxModels = builder.maxModels;
    this.constantLabels = builder.constantLabels;
    this.layout = new LatencyLayout(builder.bucketsMillis);
    this.exemplars = builder.exemplars;
    this.spanContext = builder.spanContext;
    this.windowNanos = builder.windowNanos;
    this.collector =
        new PredictionCollector(
            layout,
            new Exposition(
                constantLabels, builder.nativeResolution, builder.quantiles, ticker::nanos));
    Registration.register(
        registry, collector, PredictionCollector.FAMILIES, PredictionMetrics.class);
  }

  /**
   * Starts the configuration.
   *
   * @return a builder in which everything has its default
   */
  public static PredictionMetricsBuilder builder() {
    return new PredictionMetricsBuilder();
  }

  /**
   * Returns the recorder of a server that has one model. Its series have the contract's labels
   * only, and exist at 0 from now on.
   *
   * @return always the same recorder, until it is closed
   * @throws IllegalStateException if this was closed
   */
  public synchronized PredictionRecorder recorder() {
    return recorderFor(constantLabels, true);
  }

  /**
   * Returns the recorder of one of several models. Its series have the labels {@code model} and
   * {@code version} too, and exist at 0 from now on.
   *
   * <p>Past the limit of models the recorder is that of model {@value #OTHER}, version {@value
   * #OTHER}, which all further models share, and {@code prediction_models_folded_total} is
   * incremented.
   *
   * @param model the name of the model
   * @param version its version
   * @return for the same model and version always the same recorder, until it is closed
   * @throws IllegalArgumentException if either is blank
   * @throws IllegalStateException if this was closed
   */
  public synchronized PredictionRecorder recorder(String model, String version) {
    Labels labels = modelLabels(requireName(model, "model"), requireName(version, "version"));
    if (model.equals(OTHER) && version.equals(OTHER)) {
      return recorderFor(labels, false);
    }
    if (recorders.containsKey(labels) || models < maxModels) {
      return recorderFor(labels, true);
    }
    collector.countFolded();
    return recorderFor(modelLabels(OTHER, OTHER), false);
  }

  private static String requireName(String name, String what) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException(
          "The %s of a recorder must not be blank: name it, or call recorder() without labels when the server has one model."
              .formatted(what));
    }
    return name;
  }

  private Labels modelLabels(String model, String version) {
    return constantLabels.add(LabelName.MODEL, model).add(LabelName.VERSION, version);
  }

  private PredictionRecorder recorderFor(Labels labels, boolean removable) {
    if (closed) {
      throw new IllegalStateException(
          "These PredictionMetrics were closed: build new ones before asking for a recorder.");
    }
    PredictionRecorder known = recorders.get(labels);
    if (known != null) {
      return known;
    }
    PredictionSeries series = newSeries(labels);
    Runnable onClose = removable ? () -> remove(series) : () -> {};
    PredictionRecorder recorder = new BoundRecorder(series, layout, ticker, onClose);
    recorders.put(labels, recorder);
    if (removable && labels.contains(LabelName.MODEL)) {
      models++;
    }
    collector.add(series);
    return recorder;
  }

  private PredictionSeries newSeries(Labels labels) {
    long nowNanos = ticker.nanos();
    PredictionCells cells = new PredictionCells(layout);
    return PredictionSeries.of(
        cells,
        new StageCells(layout),
        exemplars
            ? ExemplarSampler.of(layout, spanContext, nowNanos)
            : ExemplarSampler.never(layout),
        new LatencyWindow(layout, cells, windowNanos, nowNanos),
        labels);
  }

  private synchronized void remove(PredictionSeries series) {
    if (collector.remove(series)) {
      recorders.remove(series.labels());
      if (series.labels().contains(LabelName.MODEL)) {
        models--;
      }
    }
  }

  /** Removes every series from the registry; recorders that were handed out record in vain. */
  @Override
  public synchronized void close() {
    closed = true;
    registry.unregister(collector);
  }
}
