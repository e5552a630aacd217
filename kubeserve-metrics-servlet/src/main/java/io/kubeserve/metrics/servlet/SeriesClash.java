package io.kubeserve.metrics.servlet;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds what no format can show: a name with two types, or a series that is there twice. */
final class SeriesClash {
  private SeriesClash() {}

  /**
   * Refuses snapshots that clash with one another.
   *
   * @throws IllegalStateException if some do
   */
  static void refuse(List<MetricSnapshot> snapshots) {
    Map<String, List<MetricSnapshot>> byName =
        snapshots.stream()
            .collect(Collectors.groupingBy(snapshot -> snapshot.getMetadata().getPrometheusName()));
    byName.values().stream().filter(same -> same.size() > 1).forEach(SeriesClash::refuseWithin);
  }

  private static void refuseWithin(List<MetricSnapshot> sameName) {
    Set<Labels> series = new HashSet<>();
    for (MetricSnapshot snapshot : sameName) {
      boolean otherType = !snapshot.getClass().equals(sameName.get(0).getClass());
      if (otherType
          || !snapshot.getDataPoints().stream().allMatch(point -> series.add(point.getLabels()))) {
        throw new IllegalStateException(
            "Two collectors show %s, with different types or with a series in common."
                .formatted(snapshot.getMetadata().getPrometheusName()));
      }
    }
  }
}
