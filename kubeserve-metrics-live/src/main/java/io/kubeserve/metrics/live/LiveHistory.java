package io.kubeserve.metrics.live;

import io.kubeserve.metrics.MetricsSummary;
import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.PredictionMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The last minutes of every model, of HTTP and of the JVM, one sample after the other. What it
 * holds is bounded by {@link #SAMPLES} and {@link #MAX_MODELS}, whatever the server and the viewers
 * do. Callers hold its monitor.
 */
final class LiveHistory {
  /** How many samples are kept: five minutes of one a second. */
  static final int SAMPLES = 300;

  /** How many models are kept; an own page for each of a thousand would help nobody. */
  static final int MAX_MODELS = 32;

  private static final Duration KEPT = Duration.ofSeconds(SAMPLES);

  /** A model's name and version. */
  record ModelKey(String model, String version) {
    static ModelKey of(ModelSummary summary) {
      return new ModelKey(summary.model(), summary.version());
    }

    // Not those of records: the JDK keeps their method handles by soft references, and with them
    // the class loader of a web application that was undeployed.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof ModelKey key
          && model.equals(key.model)
          && version.equals(key.version);
    }

    @Override
    public int hashCode() {
      return 31 * model.hashCode() + version.hashCode();
    }
  }

  /** When each sample was taken, in milliseconds since 1970. */
  final Ring times = new Ring(SAMPLES);

  final Ring queueDepth = new Ring(SAMPLES);
  final Ring heapBytes = new Ring(SAMPLES);

  /** Milliseconds in garbage collection within the sample. */
  final Ring gcMillis = new Ring(SAMPLES);

  /** How many requests were answered within the sample, by the first digit of the status. */
  final SortedMap<String, Ring> requests = new TreeMap<>();

  private final PredictionMetrics metrics;
  private final @Nullable Supplier<? extends Map<String, Long>> requestsByStatus;
  private final JvmReadings jvm;
  private final Map<ModelKey, LiveModel> models = new LinkedHashMap<>();
  private SortedMap<String, Long> requestsBefore = new TreeMap<>();
  private long gcMillisBefore;
  private Duration window = Duration.ZERO;
  private int modelsLeftOut;
  private long samples;

  LiveHistory(
      PredictionMetrics metrics,
      @Nullable Supplier<? extends Map<String, Long>> requestsByStatus,
      JvmReadings jvm) {
    this.metrics = metrics;
    this.requestsByStatus = requestsByStatus;
    this.jvm = jvm;
  }

  /**
   * Takes a sample.
   *
   * @param epochMillis the time
   */
  synchronized void sample(long epochMillis) {
    List<ModelKey> all = new ArrayList<>();
    metrics.summary((model, version) -> !all.add(new ModelKey(model, version)));
    Set<ModelKey> kept = kept(all);
    MetricsSummary summary =
        metrics.summary((model, version) -> kept.contains(new ModelKey(model, version)));
    window = summary.window();
    times.set(samples, epochMillis);
    queueDepth.set(samples, summary.queueDepth());
    sampleJvm();
    sampleRequests();
    sampleModels(summary.models(), all.size());
    samples++;
  }

  private void sampleJvm() {
    heapBytes.set(samples, jvm.heapBytes());
    long gcMillisNow = jvm.gcMillis();
    gcMillis.set(samples, samples == 0 ? 0 : gcMillisNow - gcMillisBefore);
    gcMillisBefore = gcMillisNow;
  }

  private void sampleRequests() {
    if (requestsByStatus == null) {
      return;
    }
    SortedMap<String, Long> now = new TreeMap<>();
    requestsByStatus
        .get()
        .forEach((status, count) -> now.merge(statusClass(status), count, Long::sum));
    now.keySet().forEach(status -> requests.computeIfAbsent(status, unseen -> newRequests()));
    requests.forEach(
        (status, ring) -> {
          long total = now.getOrDefault(status, 0L);
          long before = samples == 0 ? total : requestsBefore.getOrDefault(status, 0L);
          ring.set(samples, total - before);
        });
    requestsBefore = now;
  }

  /** Makes {@code 4xx} of {@code 404}, which a server may be configured to tell apart. */
  private static String statusClass(String status) {
    return Character.isDigit(status.charAt(0)) ? status.charAt(0) + "xx" : status;
  }

  /** Returns a ring in which the samples before the first request have none, not nothing. */
  private Ring newRequests() {
    Ring ring = new Ring(SAMPLES);
    for (long sample = firstSample(); sample < samples; sample++) {
      ring.set(sample, 0);
    }
    return ring;
  }

  /** Chooses the models that are kept, and those that there is room for; reading others is work. */
  private Set<ModelKey> kept(List<ModelKey> all) {
    Set<ModelKey> kept = new HashSet<>(models.keySet());
    kept.retainAll(all);
    for (ModelKey key : all) {
      if (kept.size() >= MAX_MODELS) {
        break;
      }
      kept.add(key);
    }
    return kept;
  }

  private void sampleModels(List<ModelSummary> summaries, int total) {
    Map<ModelKey, ModelSummary> found = new LinkedHashMap<>();
    summaries.forEach(summary -> found.put(ModelKey.of(summary), summary));
    models.forEach((key, model) -> model.add(samples, found.remove(key)));
    models.values().removeIf(model -> model.isGone() && model.lastSample() < firstSample());
    found.forEach(
        (key, summary) -> {
          if (models.size() < MAX_MODELS || forgetOneThatIsGone()) {
            models.put(key, new LiveModel(samples, summary, samples > 0));
          }
        });
    modelsLeftOut = total - (int) models.values().stream().filter(m -> !m.isGone()).count();
  }

  private boolean forgetOneThatIsGone() {
    return models.values().stream()
        .filter(LiveModel::isGone)
        .findFirst()
        .map(model -> models.values().remove(model))
        .orElse(false);
  }

  /** Returns the number of the oldest sample that is kept. */
  long firstSample() {
    return Math.max(0, samples - SAMPLES);
  }

  /** Returns the number of samples that were ever taken, which is that of the next one. */
  long samples() {
    return samples;
  }

  /** Returns the sliding window of the models' recent latencies. */
  Duration window() {
    return window;
  }

  /** Returns how far the counts of what happened recently reach back: as the window, if kept. */
  Duration recently() {
    return window.compareTo(KEPT) < 0 ? window : KEPT;
  }

  /** Counts the predictions of a model that ended recently. */
  EndedPredictions recentlyEnded(LiveModel model) {
    long first = samples;
    double from = samples == 0 ? 0 : times.get(samples - 1) - recently().toMillis();
    while (first > firstSample() && times.get(first - 1) > from) {
      first--;
    }
    return EndedPredictions.of(model, first, samples);
  }

  /** Returns the models, in the order in which they were found. */
  Collection<LiveModel> models() {
    return new ArrayList<>(models.values());
  }

  /** Returns how many models there are beyond {@link #MAX_MODELS}. */
  int modelsLeftOut() {
    return modelsLeftOut;
  }

  /**
   * Returns the most that the heap may grow to, in bytes; less than 0 if there is no such limit.
   */
  long heapMaxBytes() {
    return jvm.heapMaxBytes();
  }
}
