package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.Declared;
import io.kubeserve.metrics.internal.ErrorClassifier;
import io.kubeserve.metrics.internal.ExemplarSampler;
import io.kubeserve.metrics.internal.Exposition;
import io.kubeserve.metrics.internal.LabelValue;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.Outcomes;
import io.kubeserve.metrics.internal.PredictionCollector;
import io.kubeserve.metrics.internal.PredictionSeries;
import io.kubeserve.metrics.internal.QueueDepths;
import io.kubeserve.metrics.internal.Recordings;
import io.kubeserve.metrics.internal.Registration;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The prediction metrics of one registry, and where its recorders come from.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="quickstart"}
 *
 * <p>Build it once at start-up. Recorders are looked up under a lock: get them at start-up too.
 * Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class PredictionMetrics {
  /** The model and the version of what is recorded beyond {@code maxModels}: {@value}. */
  public static final String OTHER = "other";

  private final PrometheusRegistry registry;
  private final AtomicBoolean registered = new AtomicBoolean(true);
  private final Ticker ticker;
  private final Labels constantLabels;
  private final LatencyLayout layout;
  private final Supplier<Recordings> emptyRecordings = this::newRecordings;
  private final boolean exemplars;
  private final @Nullable SpanContext spanContext;
  private final long windowNanos;
  private final ErrorClassifier classifier;
  private final Declared<Stage> stages;
  private final Labels infoLabels;
  private final QueueDepths queues = new QueueDepths();
  private final ServedModels models;
  private final PredictionCollector collector;

  PredictionMetrics(PredictionMetricsBuilder builder) {
    this.registry = builder.registry;
    this.ticker = builder.ticker;
    this.constantLabels = builder.constantLabels;
    this.layout = new LatencyLayout(builder.bucketsMillis);
    this.exemplars = builder.exemplars;
    this.spanContext = builder.spanContext;
    this.windowNanos = builder.windowNanos;
    Outcomes outcomes = new Outcomes(builder.errorReasons);
    this.classifier = new ErrorClassifier(outcomes, builder.errorClassifier);
    this.stages = new Declared<>(Stage.standard(), builder.stages, "stages(...) of the builder");
    this.infoLabels = builder.infoLabels;
    this.models =
        new ServedModels(
            builder.maxModels,
            ticker,
            modelLabels(OTHER, OTHER),
            builder.ownLabels(),
            (labels, owner) -> new BoundRecorder(newSeries(labels), layout, ticker, owner));
    this.collector =
        new PredictionCollector(
            layout,
            new Exposition(
                constantLabels,
                builder.nativeResolution,
                builder.quantiles,
                ticker::nanos,
                outcomes.count()),
            models,
            queues);
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
   * @return always the same recorder, until its model is removed
   * @throws IllegalStateException if this was unregistered
   */
  public PredictionRecorder recorder() {
    return models.recorder(constantLabels);
  }

  /**
   * Returns the recorder of one of several models. Its series have the labels {@code model} and
   * {@code version} too, and exist at 0 from now on.
   *
   * <p>Past the limit of models the series are those of model {@value #OTHER}, version {@value
   * #OTHER}, which all further models share, and {@code prediction_models_folded_total} is
   * incremented. Beyond the models in service, as many that were retired keep their series; where
   * more are retired before a scrape has seen their last counts, new models share, too.
   *
   * @param model the name of the model
   * @param version its version
   * @return for the same model and version always the same recorder, until its model is removed, or
   *     until its series have gone after it was retired; past the limit, from its first load on
   * @throws IllegalArgumentException if either is blank or has a control character
   * @throws IllegalStateException if this was unregistered
   */
  public PredictionRecorder recorder(String model, String version) {
    return models.recorder(
        modelLabels(
            LabelValue.requireModel(model, "model"), LabelValue.requireModel(version, "version")));
  }

  private Labels modelLabels(String model, String version) {
    return constantLabels.add(LabelName.MODEL, model).add(LabelName.VERSION, version);
  }

  private PredictionSeries newSeries(Labels labels) {
    Labels info = labels.contains(LabelName.MODEL) ? labels : constantLabels.merge(infoLabels);
    return new PredictionSeries(
        emptyRecordings,
        labels,
        info.contains(LabelName.MODEL) ? info : null,
        windowNanos,
        ticker.nanos());
  }

  private Recordings newRecordings() {
    ExemplarSampler sampler =
        exemplars
            ? ExemplarSampler.of(layout, spanContext, ticker.nanos())
            : ExemplarSampler.never(layout);
    return Recordings.of(layout, sampler, classifier, stages);
  }

  /**
   * Counts what waits in an executor, in {@code prediction_queue_depth}. Give every prediction to
   * the executor that is returned, with {@link PredictionRecorder#timeQueued} for the time it
   * waits.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="queue"}
   *
   * <p>A task that the executor drops silently counts as waiting for good: let it refuse loudly, as
   * {@code ThreadPoolExecutor.AbortPolicy} does, or tell the depth by {@link
   * #monitorQueue(LongSupplier)}.
   *
   * @param executor what makes the predictions
   * @return the executor to use; the sum forgets it when nothing else refers to it and nothing
   *     waits in it; shutting it down shuts the other one down, and {@code shutdownNow()} cancels
   *     the predictions that wait
   */
  public ExecutorService monitorQueue(ExecutorService executor) {
    CountedQueue queue = new CountedQueue(Objects.requireNonNull(executor, "executor"));
    queues.addWeakly(queue);
    return queue;
  }

  /**
   * Counts what waits in a queue of one's own, in {@code prediction_queue_depth}, which is the sum
   * of all queues.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="queueSupplier"}
   *
   * @param depth how many predictions wait; asked by every scrape, so it must be quick
   * @return takes the queue out of the sum again; need not be kept
   */
  public Runnable monitorQueue(LongSupplier depth) {
    return queues.add(Objects.requireNonNull(depth, "depth"));
  }

  /**
   * Returns whether the server can predict: whether every model, by its name, that it began to
   * {@link ServedModel#load load} has a version that is ready. For a readiness probe.
   *
   * <p>A version that loads, fails to load or is retired changes nothing while another version of
   * the model is ready. A model whose first load failed is not ready until a load succeeds, or
   * until the model is retired. Past the limit of models, the readiness of as many further ones is
   * known.
   *
   * @return true too if no model was loaded by {@link ServedModel#load load}
   */
  public boolean isReady() {
    return models.isReady();
  }

  /**
   * Returns all there is to know of every model, for people, logs and tests.
   *
   * @return the models by name and version
   */
  public MetricsSummary summary() {
    return summary((model, version) -> true);
  }

  /**
   * Returns all there is to know of some models. Only those cost a reading of their counts.
   *
   * @param wanted is asked once for every model, by its name and version, both empty for a model
   *     that has no name; in their order
   * @return the models that are wanted, by name and version
   */
  public MetricsSummary summary(BiPredicate<? super String, ? super String> wanted) {
    List<PredictionSeries> chosen =
        models.all().stream()
            .sorted(ModelSummary.BY_NAME)
            .filter(model -> wanted.test(ModelSummary.model(model), ModelSummary.version(model)))
            .toList();
    return new MetricsSummary(
        Duration.ofNanos(windowNanos),
        queues.sum(),
        chosen.stream().map(model -> new ModelSummary(model, ticker)).toList());
  }

  /**
   * Removes every series from the registry; recorders that were handed out record in vain. For a
   * registry that outlives its server, as of an application that is deployed anew.
   */
  public void unregister() {
    models.close();
    // Once: another one's names may be there meanwhile.
    if (registered.getAndSet(false)) {
      registry.unregister(collector);
    }
  }
}
