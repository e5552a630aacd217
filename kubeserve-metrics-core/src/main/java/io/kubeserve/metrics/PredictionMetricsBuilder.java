package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.Declared;
import io.kubeserve.metrics.internal.GuardedClock;
import io.kubeserve.metrics.internal.LabelValue;
import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.NativeResolution;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.LatencyBounds;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of {@link PredictionMetrics}. Every method checks what it is given at once and
 * throws with a sentence that says what to change. For one thread.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="builder"}
 *
 * @since 0.1.0
 */
public final class PredictionMetricsBuilder {
  private static final int DEFAULT_MAX_MODELS = 100;
  private static final int DEFAULT_MAX_LABEL_SETS = 100;
  private static final Duration DEFAULT_WINDOW = Duration.ofSeconds(60);
  private static final Duration LONGEST_WINDOW = Duration.ofDays(1);
  private static final int DEFAULT_NATIVE_BUCKETS = 160;
  private static final Pattern LABEL_NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  PrometheusRegistry registry = PrometheusRegistry.defaultRegistry;
  Ticker ticker = Ticker.system();
  int maxModels = DEFAULT_MAX_MODELS;
  Labels constantLabels = Labels.EMPTY;
  double[] bucketsMillis =
      LatencyBounds.DEFAULT_MILLIS.stream().mapToDouble(Double::doubleValue).toArray();

  boolean exemplars = true;
  @Nullable SpanContext spanContext;
  @Nullable NativeResolution nativeResolution;
  List<Double> quantiles = List.of();
  long windowNanos = DEFAULT_WINDOW.toNanos();
  Function<? super Throwable, ? extends @Nullable ErrorReason> errorClassifier = thrown -> null;
  Labels infoLabels = Labels.EMPTY;
  List<ErrorReason> errorReasons = List.of();
  List<Stage> stages = List.of();
  private List<String> labelNames = List.of();
  private int maxLabelSets = DEFAULT_MAX_LABEL_SETS;

  PredictionMetricsBuilder() {}

  /**
   * Sets the registry that shows the metrics; by default {@link
   * PrometheusRegistry#defaultRegistry}.
   *
   * @param registry client_java's registry
   * @return this
   */
  public PredictionMetricsBuilder registry(PrometheusRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /**
   * Sets the classic buckets of {@code prediction_latency_ms}; by default those of the Python
   * inference server, which the dashboards of the platform expect.
   *
   * @param upperBoundsMillis 1 to {@value LatencyBounds#MAX_COUNT} upper bounds in milliseconds,
   *     ascending, positive, finite; {@code +Inf} is added
   * @return this
   * @throws IllegalArgumentException if they are not
   */
  public PredictionMetricsBuilder bucketsMillis(double... upperBoundsMillis) {
    int count = upperBoundsMillis.length;
    if (count < 1 || count > LatencyBounds.MAX_COUNT) {
      throw new IllegalArgumentException(
          "There must be 1 to %d bucket bounds, not %d: each one is a series of every model."
              .formatted(LatencyBounds.MAX_COUNT, count));
    }
    for (int i = 0; i < count; i++) {
      double bound = upperBoundsMillis[i];
      if (!(bound > 0) || Double.isInfinite(bound)) {
        throw new IllegalArgumentException(
            "The bucket bound %s must be a positive, finite number of milliseconds; leave +Inf out, it is added."
                .formatted(bound));
      }
      if (i > 0 && bound <= upperBoundsMillis[i - 1]) {
        throw new IllegalArgumentException(
            "The bucket bounds must ascend, but %s follows %s: sort them and drop duplicates."
                .formatted(bound, upperBoundsMillis[i - 1]));
      }
    }
    this.bucketsMillis = Arrays.copyOf(upperBoundsMillis, count);
    return this;
  }

  /**
   * Adds a label to every series, for what no scrape configuration knows.
   *
   * @param name a label name that was not added before, and that neither Prometheus Operator, the
   *     chart nor the contract uses
   * @param value its value
   * @return this
   * @throws IllegalArgumentException if the name is reserved, malformed or taken, or the value
   *     blank, or has a control character
   */
  public PredictionMetricsBuilder constantLabel(String name, String value) {
    requireLabelName(name);
    LabelValue.require(
        value,
        "The value of the label \"%s\"".formatted(name),
        "the label needs a value, since Prometheus drops one that is empty");
    this.constantLabels = constantLabels.add(name, value);
    return this;
  }

  private void requireLabelName(String name) {
    if (LabelName.RESERVED.contains(name)) {
      throw new IllegalArgumentException(
          "The label \"%s\" is reserved for Prometheus Operator, the chart or the contract: choose a name other than %s."
              .formatted(name, new TreeSet<>(LabelName.RESERVED)));
    }
    if (!LABEL_NAME.matcher(name).matches() || name.startsWith("__")) {
      throw new IllegalArgumentException(
          "\"%s\" is not a valid label name: use letters, digits and underscores, and start with a letter."
              .formatted(name));
    }
    if (constantLabels.contains(name) || labelNames.contains(name)) {
      throw new IllegalArgumentException(
          "The label \"%s\" was added before: add each label once.".formatted(name));
    }
  }

  /**
   * Declares labels of one's own, whose values {@link PredictionRecorder#withLabelValues} gives: a
   * tenant, a region of the caller. Every combination of values is a set of series of its own; so
   * values must come from what the server knows, not from what a client claims.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="labels"}
   *
   * @param names label names that are not there already, and that neither Prometheus Operator, the
   *     chart nor the contract uses
   * @return this
   * @throws IllegalArgumentException if a name is reserved, malformed or taken
   */
  public PredictionMetricsBuilder labelNames(String... names) {
    this.labelNames = List.of();
    for (String name : names) {
      requireLabelName(name);
      this.labelNames = Stream.concat(labelNames.stream(), Stream.of(name)).toList();
    }
    return this;
  }

  /**
   * Sets how many combinations of the values of {@link #labelNames} get series of their own, over
   * all models in service, and with retired ones at most twice as many; by default {@value
   * #DEFAULT_MAX_LABEL_SETS}. In further ones, every value is {@link PredictionMetrics#OTHER}. Only
   * those of a retired model that predicts once more come back without being counted.
   *
   * @param maxLabelSets at least 1
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public PredictionMetricsBuilder maxLabelSets(int maxLabelSets) {
    if (maxLabelSets < 1) {
      throw new IllegalArgumentException(
          "maxLabelSets must be at least 1, not %d: leave labelNames out to have no labels of your own."
              .formatted(maxLabelSets));
    }
    this.maxLabelSets = maxLabelSets;
    return this;
  }

  OwnLabels ownLabels() {
    return new OwnLabels(labelNames, maxLabelSets);
  }

  /**
   * Sets how many pairs of model and version get series of their own; by default {@value
   * #DEFAULT_MAX_MODELS}. Further ones share those of {@link PredictionMetrics#OTHER}.
   *
   * @param maxModels at least 1
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public PredictionMetricsBuilder maxModels(int maxModels) {
    if (maxModels < 1) {
      throw new IllegalArgumentException(
          "maxModels must be at least 1, not %d: a server with one model needs no limit, call recorder() without labels."
              .formatted(maxModels));
    }
    this.maxModels = maxModels;
    return this;
  }

  /**
   * Exposes {@code prediction_latency_ms} as a native histogram too, to scrapers that ask for
   * protobuf: at the finest schema, with at most {@value #DEFAULT_NATIVE_BUCKETS} buckets.
   *
   * <p>A Prometheus that takes native histograms drops the classic buckets of what it gets as a
   * native one, and classic dashboards go blank, unless its scrape configuration has {@code
   * always_scrape_classic_histograms: true} ({@code scrape_classic_histograms} before Prometheus
   * 3.0).
   *
   * @param enabled whether it is exposed; by default it is not
   * @return this
   */
  public PredictionMetricsBuilder nativeHistogram(boolean enabled) {
    if (enabled) {
      return nativeHistogram(LatencyLayout.FINEST_SCHEMA, DEFAULT_NATIVE_BUCKETS);
    }
    this.nativeResolution = null;
    return this;
  }

  /**
   * Exposes a native histogram as {@link #nativeHistogram(boolean)} does, with a resolution of
   * one's own.
   *
   * @param initialSchema from -4 to 5; each bucket is 2^(2^-schema) times as wide as the last
   * @param maxBuckets the number of filled buckets past which the schema is lowered, at least 1
   * @return this
   * @throws IllegalArgumentException if either is out of range
   */
  public PredictionMetricsBuilder nativeHistogram(int initialSchema, int maxBuckets) {
    if (initialSchema < NativeResolution.COARSEST_SCHEMA
        || initialSchema > LatencyLayout.FINEST_SCHEMA) {
      throw new IllegalArgumentException(
          "The initial schema of a native histogram must be from %d to %d, not %d."
              .formatted(
                  NativeResolution.COARSEST_SCHEMA, LatencyLayout.FINEST_SCHEMA, initialSchema));
    }
    if (maxBuckets < 1) {
      throw new IllegalArgumentException(
          "A native histogram needs at least 1 bucket, not %d; %d are usual."
              .formatted(maxBuckets, DEFAULT_NATIVE_BUCKETS));
    }
    this.nativeResolution = new NativeResolution(initialSchema, maxBuckets);
    return this;
  }

  /**
   * Exposes quantiles and the maximum of the sliding window as gauges, for those who have no
   * histogram_quantile at hand. They cannot be added up over pods: dashboards use the histogram.
   *
   * @param quantiles from 0 to 1, at least one
   * @return this
   * @throws IllegalArgumentException if there is none, or one is out of range or there twice
   */
  public PredictionMetricsBuilder quantileGauges(double... quantiles) {
    List<Double> checked = Arrays.stream(quantiles).boxed().toList();
    if (checked.isEmpty()
        || checked.stream().anyMatch(quantile -> !(quantile >= 0 && quantile <= 1))) {
      throw new IllegalArgumentException(
          "The quantiles %s must be from 0 to 1, at least one: the 99th percentile is 0.99."
              .formatted(checked));
    }
    if (checked.stream().distinct().count() < checked.size()) {
      throw new IllegalArgumentException(
          "The quantiles %s must differ: each one is a series.".formatted(checked));
    }
    this.quantiles = checked;
    return this;
  }

  /**
   * Sets the length of the sliding window; by default a minute.
   *
   * @param window more than nothing, at most a day
   * @return this
   * @throws IllegalArgumentException if it is not
   */
  public PredictionMetricsBuilder window(Duration window) {
    if (window.isNegative() || window.isZero() || window.compareTo(LONGEST_WINDOW) > 0) {
      throw new IllegalArgumentException(
          "The window must be more than nothing and at most %s, not %s."
              .formatted(LONGEST_WINDOW, window));
    }
    this.windowNanos = window.toNanos();
    return this;
  }

  /**
   * Sets where exemplars get the caller's trace and span from; by default client_java finds
   * OpenTelemetry's agent or SDK.
   *
   * @param spanContext the current span, asked on the thread that starts a prediction
   * @return this
   */
  public PredictionMetricsBuilder spanContext(SpanContext spanContext) {
    this.spanContext = Objects.requireNonNull(spanContext, "spanContext");
    return this;
  }

  /**
   * Sets whether there are exemplars where there is a tracer.
   *
   * @param enabled by default they are there
   * @return this
   */
  public PredictionMetricsBuilder exemplars(boolean enabled) {
    this.exemplars = enabled;
    return this;
  }

  /**
   * Names the one model of a server whose series have no labels of a model, for {@code model_info}.
   *
   * @param model the name of the model of {@link PredictionMetrics#recorder()}
   * @param version its version
   * @return this
   * @throws IllegalArgumentException if either is blank or has a control character
   */
  public PredictionMetricsBuilder modelInfo(String model, String version) {
    this.infoLabels =
        Labels.of(
            LabelName.MODEL,
            LabelValue.requireModel(model, "model"),
            LabelName.VERSION,
            LabelValue.requireModel(version, "version"));
    return this;
  }

  /**
   * Sets how the reason of an error is found, for {@code prediction_errors_total}. It is asked for
   * what was thrown and then for each cause, until it knows one; what it does not know is left to
   * the default, which knows the JDK's own exceptions: timeouts, cancellations and interrupts,
   * rejected executions, and {@link IllegalArgumentException} for an invalid input.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="errorClassifier"}
   *
   * @param classifier returns a reason, or {@code null} where it knows none; what it throws is
   *     ignored
   * @return this
   */
  public PredictionMetricsBuilder errorClassifier(
      Function<? super Throwable, ? extends @Nullable ErrorReason> classifier) {
    this.errorClassifier = Objects.requireNonNull(classifier, "classifier");
    return this;
  }

  /**
   * Declares error reasons of one's own, beside {@link ErrorReason#standard()}. What was not
   * declared counts as {@link ErrorReason#OTHER}, and the log says so once.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="ownReasons"}
   *
   * @param own at most {@value Declared#MAX_OWN}, of {@link ErrorReason#of}; each one is a series
   *     of every model that had an error
   * @return this
   * @throws IllegalArgumentException if there are more, one is there twice, or is a standard one
   */
  public PredictionMetricsBuilder errorReasons(ErrorReason... own) {
    this.errorReasons = own(List.of(own), ErrorReason.standard(), "error reason");
    return this;
  }

  /**
   * Declares stages of one's own, beside {@link Stage#standard()}. What was not declared counts as
   * {@link Stage#OTHER}, and the log says so once.
   *
   * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="ownStages"}
   *
   * @param own at most {@value Declared#MAX_OWN}, of {@link Stage#of}; each one is a histogram of
   *     every model that uses it
   * @return this
   * @throws IllegalArgumentException if there are more, one is there twice, or is a standard one
   */
  public PredictionMetricsBuilder stages(Stage... own) {
    this.stages = own(List.of(own), Stage.standard(), "stage");
    return this;
  }

  private static <T> List<T> own(List<T> own, List<T> standard, String what) {
    if (own.size() > Declared.MAX_OWN) {
      throw new IllegalArgumentException(
          "There must be at most %d %ss of your own, not %d: each one is a series of every model."
              .formatted(Declared.MAX_OWN, what, own.size()));
    }
    Set<T> seen = new HashSet<>(standard);
    for (T value : own) {
      if (!seen.add(value)) {
        throw new IllegalArgumentException(
            "The %s \"%s\" is there already: declare each one once, and none of %s."
                .formatted(what, value, standard));
      }
    }
    return own;
  }

  /**
   * Sets the clock; by default {@link Ticker#system()}. For tests.
   *
   * @param ticker where nanoseconds come from
   * @return this
   */
  public PredictionMetricsBuilder ticker(Ticker ticker) {
    Objects.requireNonNull(ticker, "ticker");
    this.ticker = ticker == Ticker.system() ? ticker : new GuardedClock(ticker::nanos)::getAsLong;
    return this;
  }

  /**
   * Builds the metrics and registers them.
   *
   * @return the metrics of the registry
   * @throws IllegalStateException if the registry has metrics of these names already
   */
  public PredictionMetrics build() {
    return new PredictionMetrics(this);
  }
}
