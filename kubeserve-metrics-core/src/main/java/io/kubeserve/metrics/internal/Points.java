package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.MetricFamily;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How client_java's snapshots are made of the contract's words and numbers. */
public final class Points {
  /** What client_java takes for a series whose time of creation is not told. */
  public static final long NO_CREATED_TIMESTAMP = 0;

  /** Made once: each checks its name anew. */
  private static final Map<MetricFamily, MetricMetadata> METADATA =
      new EnumMap<>(MetricFamily.class);

  static {
    for (MetricFamily family : MetricFamily.values()) {
      METADATA.put(family, new MetricMetadata(family.registryName(), family.help()));
    }
  }

  private Points() {}

  /**
   * Names a family.
   *
   * @param family a family of the contract
   * @return its name and HELP text
   */
  public static MetricMetadata metadata(MetricFamily family) {
    return Objects.requireNonNull(METADATA.get(family));
  }

  /**
   * Makes the point of a counter.
   *
   * @param value the count
   * @param labels the labels of the series
   * @param exemplar one of what was counted, if there is a trace of it
   * @return the point
   */
  public static CounterDataPointSnapshot counter(
      long value, Labels labels, @Nullable Exemplar exemplar) {
    return new CounterDataPointSnapshot(value, labels, exemplar, NO_CREATED_TIMESTAMP);
  }

  /**
   * Makes the point of a gauge.
   *
   * @param value the value
   * @param labels the labels of the series
   * @return the point
   */
  public static GaugeDataPointSnapshot gauge(double value, Labels labels) {
    return new GaugeDataPointSnapshot(value, labels, null);
  }
}
