package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.LabelName;
import io.kubeserve.metrics.internal.ErrorClassifier;
import io.kubeserve.metrics.internal.ExemplarSampler;
import io.kubeserve.metrics.internal.Exposition;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.LatencyWindow;
import io.kubeserve.metrics.internal.PredictionCollector;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.QueueDepths;
import io.kubeserve.metrics.internal.Recordings;
import io.kubeserve.metrics.internal.Registration;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.function.LongSupplier;
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
  private static final BoundRecorder.Removal NEVER =
      new BoundRecorder.Removal() {
        @Override
        public void now() {}

        @Override
        public void soon() {}
      };

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
  private final ErrorClassifier classifier;
  private final Labels infoLabels;
  private final QueueDepths queues = new QueueDepths();
  private final PredictionCollector collector;

  // Guarded by this. The limit is on the pairs that a caller named: neither the recorder without
  // labels nor the one for OTHER counts.
  private final Map<Labels, Entry> recorders = new HashMap<>();
  private int models;
  private boolean closed;

  /** A recorder and what it writes to. */
  private record Entry(PredictionRecorder recorder, PredictionSeries series) {}

  PredictionMetrics(PredictionMetricsBuilder builder) {
    this.registry = builder.registry;
    this.ticker = builder.ticker;
    this.maxModels = builder.maxModels;
    this.constantLabels = builder.constantLabels;
    this.layout = new LatencyLayout(builder.bucketsMillis);
    this.exemplars = builder.exemplars;
    this.spanContext = builder.spanContext;
    this.windowNanos = builder.windowNanos;
    this.classifier = new ErrorClassifier(builder.errorClassifier);
    this.infoLabels = builder.infoLabels;
    this.collector =
        new PredictionCollector(
            layout,
            new Exposition(
                constantLabels, builder.nativeResolution, builder.quantiles, ticker::nanos),
            queues,
            this::remove);
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
    if (isInService(labels) || models < maxModels) {
      return recorderFor(labels, true);
    }
    collector.countFolded();
    return recorderFor(modelLabels(OTHER, OTHER), false);
  }

  private boolean isInService(Labels labels) {
    Entry known = recorders.get(labels);
    return known != null && !known.series.lifecycle().isRetired();
  }

  static String requireName(String name, String what) {
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
    Entry known = recorders.get(labels);
    if (known != null) {
      if (known.series.lifecycle().revive()) {
        models += weight(labels);
      }
      return known.recorder;
    }
    PredictionSeries series = newSeries(labels);
    PredictionRecorder recorder =
        new BoundRecorder(series, layout, ticker, removable ? new OwnSeries(series) : NEVER);
    recorders.put(labels, new Entry(recorder, series));
    models += removable ? weight(labels) : 0;
    collector.add(series);
    return recorder;
  }

  /** How much a recorder counts toward the limit. */
  private static int weight(Labels labels) {
    return labels.contains(LabelName.MODEL) ? 1 : 0;
  }

  private PredictionSeries newSeries(Labels labels) {
    long nowNanos = ticker.nanos();
    Recordings recordings =
        Recordings.of(
            layout,
            exemplars
                ? ExemplarSampler.of(layout, spanContext, nowNanos)
                : ExemplarSampler.never(layout),
            classifier);
    Labels info = labels.contains(LabelName.MODEL) ? labels : constantLabels.merge(infoLabels);
    return new PredictionSeries(
        recordings,
        new LatencyWindow(layout, recordings.cells(), windowNanos, nowNanos),
        labels,
        info.contains(LabelName.MODEL) ? info : null);
  }

  /** The series of a recorder that nobody shares. */
  private final class OwnSeries implements BoundRecorder.Removal {
    private final PredictionSeries series;

    OwnSeries(PredictionSeries series) {
      this.series = series;
    }

    @Override
    public void now() {
      remove(series);
    }

    @Override
    public void soon() {
      retire(series);
    }
  }

  private synchronized void remove(PredictionSeries series) {
    if (collector.remove(series)) {
      recorders.remove(series.labels());
      models -= series.lifecycle().isRetired() ? 0 : weight(series.labels());
    }
  }

  private synchronized void retire(PredictionSeries series) {
    Entry known = recorders.get(series.labels());
    if (known != null && known.series == series && series.lifecycle().retire(ticker.nanos())) {
      models -= weight(series.labels());
    }
  }

  /**
   * Counts what waits in an executor, in {@code prediction_queue_depth}. Give every prediction to
   * the executor that is returned, with {@link PredictionRecorder#timeQueued} for the time it
   * waits.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="queue"}
   *
   * <p>A task that the executor drops silently counts as waiting for good: let it refuse loudly, as
   * {@code ThreadPoolExecutor.AbortPolicy} does, or tell the depth by {@link #queue(LongSupplier)}.
   *
   * @param executor what makes the predictions
   * @return the executor to use; shutting it down shuts the other one down, and {@code
   *     shutdownNow()} cancels the predictions that wait
   */
  public ExecutorService queue(ExecutorService executor) {
    CountedQueue queue = new CountedQueue(Objects.requireNonNull(executor, "executor"));
    queues.add(queue::depth);
    return queue;
  }

  /**
   * Counts what waits in a queue of one's own, in {@code prediction_queue_depth}, which is the sum
   * of all queues.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="queueSupplier"}
   *
   * @param depth how many predictions wait; asked by every scrape, so it must be quick
   */
  public void queue(LongSupplier depth) {
    queues.add(Objects.requireNonNull(depth, "depth"));
  }

  /**
   * Returns whether the server can predict: whether every model that anybody began to {@link
   * PredictionRecorder#load load} is ready, those that were retired left out. For a readiness
   * probe.
   *
   * @return true too if nobody loads a model by a recorder
   */
  public synchronized boolean isReady() {
    return recorders.values().stream()
        .map(entry -> entry.series.lifecycle())
        .allMatch(model -> model.isReady() || model.isRetired() || !model.isTold());
  }

  /**
   * Returns all there is to know of every model, for people, logs and tests.
   *
   * @return the models by name and version
   */
  public MetricsSummary summary() {
    List<Entry> entries;
    synchronized (this) {
      entries = List.copyOf(recorders.values());
    }
    return new MetricsSummary(
        Duration.ofNanos(windowNanos),
        queues.sum(),
        entries.stream()
            .map(entry -> ModelSummary.of(entry.series, layout, ticker.nanos()))
            .sorted(ModelSummary.BY_NAME)
            .toList());
  }

  /** Removes every series from the registry; recorders that were handed out record in vain. */
  @Override
  public synchronized void close() {
    closed = true;
    registry.unregister(collector);
  }
}
