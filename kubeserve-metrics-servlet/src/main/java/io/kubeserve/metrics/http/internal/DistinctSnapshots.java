package io.kubeserve.metrics.http.internal;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Snapshots that every format can show together: no name has two types, and no series is there
 * twice.
 */
final class DistinctSnapshots {
  private final Map<String, List<MetricSnapshot>> byName = new LinkedHashMap<>();

  /**
   * Adds what was collected, all of it or nothing.
   *
   * @throws RuntimeException if it clashes with what is there, or with itself
   */
  void addAll(Iterable<MetricSnapshot> collected) {
    Map<String, List<MetricSnapshot>> changed = new LinkedHashMap<>();
    for (MetricSnapshot snapshot : collected) {
      changed
          .computeIfAbsent(
              snapshot.getMetadata().getPrometheusName(),
              name -> new ArrayList<>(byName.getOrDefault(name, List.of())))
          .add(snapshot);
    }
    changed.values().stream()
        .filter(sameName -> sameName.size() > 1)
        .forEach(DistinctSnapshots::refuseClash);
    byName.putAll(changed);
  }

  private static void refuseClash(List<MetricSnapshot> sameName) {
    Set<Labels> series = new HashSet<>();
    for (MetricSnapshot snapshot : sameName) {
      boolean sameType = snapshot.getClass().equals(sameName.get(0).getClass());
      if (!sameType
          || !snapshot.getDataPoints().stream().allMatch(point -> series.add(point.getLabels()))) {
        throw new IllegalStateException(
            "Two collectors show %s, with different types or with a series in common."
                .formatted(snapshot.getMetadata().getPrometheusName()));
      }
    }
    // Older versions of client_java refuse a name that is there twice, whatever its series.
    var unused = new MetricSnapshots(sameName);
  }

  MetricSnapshots all() {
    return new MetricSnapshots(byName.values().stream().flatMap(List::stream).toList());
  }
}
