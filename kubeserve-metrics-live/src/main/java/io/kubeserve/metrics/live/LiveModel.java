package io.kubeserve.metrics.live;

import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.ModelSummary;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the live page keeps of one model: its last summary, and what each sample added to it. */
final class LiveModel {
  /** The quantiles that are kept. */
  enum Quantile {
    P50("p50", 0.5),
    P95("p95", 0.95),
    P99("p99", 0.99),
    MAX("max", 1);

    final String label;
    final double value;

    Quantile(String label, double value) {
      this.label = label;
      this.value = value;
    }
  }

  /** How many predictions succeeded, by sample. */
  final Ring successes = newRing();

  /** How many failed, by sample. */
  final Map<ErrorReason, Ring> errors = new LinkedHashMap<>();

  /** How many were under way when the sample was taken. */
  final Ring inFlight = newRing();

  /** Quantiles of the predictions that ended within a sample, in milliseconds. */
  final Map<Quantile, Ring> quantiles = new EnumMap<>(Quantile.class);

  /** The mean of the times of a stage that ended within a sample, in milliseconds. */
  final Map<Stage, Ring> stageMeans = new LinkedHashMap<>();

  private ModelSummary last;
  private long lastSample;
  private boolean gone;

  /**
   * Begins.
   *
   * @param sample the number of the sample
   * @param first what the sample found
   * @param isNew whether the sample before did not find the model, so that all there is came since
   */
  LiveModel(long sample, ModelSummary first, boolean isNew) {
    first.errors().keySet().forEach(reason -> errors.put(reason, newRing()));
    for (Quantile quantile : Quantile.values()) {
      quantiles.put(quantile, newRing());
    }
    last = first;
    add(sample, first, isNew ? null : first);
  }

  private static Ring newRing() {
    return new Ring(LiveHistory.SAMPLES);
  }

  /** Adds a sample, {@code null} if it did not find the model. */
  void add(long sample, @Nullable ModelSummary now) {
    forgetOldest(sample);
    if (now != null) {
      boolean restarted = gone || now.latency().count() < last.latency().count();
      add(sample, now, restarted ? null : last);
    }
    gone = now == null;
  }

  private void forgetOldest(long sample) {
    successes.set(sample, Double.NaN);
    inFlight.set(sample, Double.NaN);
    errors.values().forEach(ring -> ring.set(sample, Double.NaN));
    quantiles.values().forEach(ring -> ring.set(sample, Double.NaN));
    stageMeans.values().forEach(ring -> ring.set(sample, Double.NaN));
  }

  private void add(long sample, ModelSummary now, @Nullable ModelSummary before) {
    successes.set(sample, now.successes() - (before == null ? 0 : before.successes()));
    errors.forEach(
        (reason, ring) ->
            ring.set(sample, errors(now, reason) - (before == null ? 0 : errors(before, reason))));
    inFlight.set(sample, now.inFlight());
    LatencySnapshot latency = since(now.latency(), before == null ? null : before.latency());
    quantiles.forEach((quantile, ring) -> ring.set(sample, latency.quantileMillis(quantile.value)));
    now.stages()
        .forEach(
            (stage, times) ->
                stageMeans
                    .computeIfAbsent(stage, unseen -> newRing())
                    .set(
                        sample,
                        since(times, before == null ? null : before.stages().get(stage))
                            .meanMillis()));
    last = now;
    lastSample = sample;
  }

  private static long errors(ModelSummary summary, ErrorReason reason) {
    return summary.errors().getOrDefault(reason, 0L);
  }

  private static LatencySnapshot since(LatencySnapshot now, @Nullable LatencySnapshot earlier) {
    try {
      return earlier == null ? now : now.since(earlier);
    } catch (IllegalArgumentException recorderWasReplaced) {
      return now;
    }
  }

  /** Returns what the last sample that found the model found. */
  ModelSummary last() {
    return last;
  }

  /** Returns the number of that sample. */
  long lastSample() {
    return lastSample;
  }

  /** Says whether the last sample did not find the model. */
  boolean isGone() {
    return gone;
  }
}
