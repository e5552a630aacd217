package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import org.jspecify.annotations.Nullable;

/** How client_java's snapshots are made of the contract's words and numbers. */
public final class Points {
  private Points() {}

  /**
   * Makes the point of a counter.
   *
   * @param value the count
   * @param labels the labels of the series
   * @param exemplar one of what was counted, if there is a trace of it
   * @param createdMillis when it was 0, in milliseconds, as Unix counts them
   * @return the point
   */
  public static CounterDataPointSnapshot counter(
      long value, Labels labels, @Nullable Exemplar exemplar, long createdMillis) {
    return new CounterDataPointSnapshot(value, labels, exemplar, createdMillis);
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
