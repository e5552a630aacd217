package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.LabelValue;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The labels of the user's own that predictions can have.
 *
 * @param names their names
 * @param maxLabelSets how many combinations of their values models in service may have
 */
record OwnLabels(List<String> names, int maxLabelSets) {
  /**
   * Returns the values as a key. One that cannot be the value of a label, which a client may have
   * sent, is {@code other}: it comes at run time, where nothing of ours may throw for it.
   *
   * @throws IllegalArgumentException if there are not as many as names
   */
  List<String> values(@Nullable String... values) {
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "No labels of your own are declared: add labelNames(...) to the builder of PredictionMetrics.");
    }
    if (values.length != names.size()) {
      throw new IllegalArgumentException(
          "There must be %d label values, for %s, not %d: give them in the order of labelNames(...)."
              .formatted(names.size(), names, values.length));
    }
    return Arrays.stream(values).map(OwnLabels::fit).toList();
  }

  private static String fit(@Nullable String value) {
    return value == null || value.isBlank() || !LabelValue.isFit(value)
        ? PredictionMetrics.OTHER
        : value;
  }

  /** Returns the values of what is beyond the limit. */
  List<String> others() {
    return Collections.nCopies(names.size(), PredictionMetrics.OTHER);
  }

  Labels labels(List<String> values) {
    return Labels.of(names, values);
  }
}
