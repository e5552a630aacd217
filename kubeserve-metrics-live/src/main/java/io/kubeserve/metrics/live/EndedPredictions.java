package io.kubeserve.metrics.live;

import io.kubeserve.metrics.contract.ErrorReason;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many predictions of a model ended within some samples.
 *
 * @param succeeded those that succeeded
 * @param failures those that failed, by every reason
 */
record EndedPredictions(long succeeded, Map<ErrorReason, Long> failures) {

  /** Adds up the samples of a model from one on. */
  static EndedPredictions of(LiveModel model, long firstSample, long samples) {
    Map<ErrorReason, Long> failures = new LinkedHashMap<>();
    model.errors.forEach((reason, ring) -> failures.put(reason, sum(ring, firstSample, samples)));
    return new EndedPredictions(sum(model.successes, firstSample, samples), failures);
  }

  private static long sum(Ring ring, long firstSample, long samples) {
    double sum = 0;
    for (long sample = firstSample; sample < samples; sample++) {
      double value = ring.get(sample);
      sum += Double.isNaN(value) ? 0 : value;
    }
    return (long) sum;
  }

  long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  long all() {
    return succeeded + failed();
  }

  /** Returns the label of the reason that most failures had. */
  String mostFrequentReason() {
    return failures.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(most -> most.getKey().labelValue())
        .orElse("");
  }
}
