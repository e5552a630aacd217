package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.HttpFamilies;
import io.kubeserve.metrics.internal.Points;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import java.util.ArrayList;
import java.util.List;

/** The data points of one scrape, gathered handler by handler and then turned into families. */
final class HttpPoints {
  private final HttpReading total = new HttpReading();
  private final List<CounterDataPointSnapshot> requests = new ArrayList<>();
  private final List<SummaryDataPointSnapshot> requestSizes = new ArrayList<>();
  private final List<SummaryDataPointSnapshot> responseSizes = new ArrayList<>();
  private final List<HistogramDataPointSnapshot> durations = new ArrayList<>();
  private final List<MetricSnapshot> selfMetrics = new ArrayList<>();

  /**
   * Makes points without a handler.
   *
   * @param createdMillis when there was none, in milliseconds, as Unix counts them
   */
  HttpPoints(long createdMillis) {
    total.createdMillis = createdMillis;
  }

  /** Reads each cell of a handler once, for all of its series. */
  void add(HandlerSeries handler) {
    HttpReading ofHandler = new HttpReading();
    handler.forEach(method -> ofHandler.add(readMethod(method)));
    if (ofHandler.isEmpty()) {
      return;
    }
    long count = ofHandler.count();
    long created = ofHandler.createdMillis;
    requestSizes.add(size(count, ofHandler.requestBytes, handler.labels, created));
    responseSizes.add(size(count, ofHandler.responseBytes, handler.labels, created));
    total.add(ofHandler);
  }

  private HttpReading readMethod(MethodSeries method) {
    HttpReading ofMethod = new HttpReading();
    method.forEach(
        (reading, labels) -> {
          requests.add(Points.counter(reading.count(), labels, null, reading.createdMillis));
          ofMethod.add(reading);
        });
    if (!ofMethod.isEmpty()) {
      durations.add(duration(DurationBuckets.byHandler(ofMethod), ofMethod, method.labels));
    }
    return ofMethod;
  }

  private static SummaryDataPointSnapshot size(
      long count, long bytes, Labels labels, long created) {
    return new SummaryDataPointSnapshot(
        count, unsigned(bytes), Quantiles.EMPTY, labels, Exemplars.EMPTY, created);
  }

  private static HistogramDataPointSnapshot duration(
      ClassicHistogramBuckets buckets, HttpReading reading, Labels labels) {
    return new HistogramDataPointSnapshot(
        buckets,
        unsigned(reading.nanos) / DurationBuckets.NANOS_PER_SECOND,
        labels,
        Exemplars.EMPTY,
        reading.createdMillis);
  }

  private static double unsigned(long sum) {
    return sum >= 0 ? sum : (sum >>> 1) * 2.0;
  }

  /** Shows the gauge of requests in progress: what has started less what was added until now. */
  void addInProgress(long started) {
    selfMetrics.add(
        new GaugeSnapshot(
            HttpFamilies.HTTP_REQUESTS_IN_PROGRESS.metadata(),
            List.of(Points.gauge((double) started - total.count(), Labels.EMPTY))));
  }

  /** Shows how many requests were folded, if any. */
  void addFolded(long folded, long firstMillis) {
    if (folded > 0) {
      selfMetrics.add(
          new CounterSnapshot(
              HttpFamilies.HTTP_HANDLERS_FOLDED.metadata(),
              List.of(Points.counter(folded, Labels.EMPTY, null, firstMillis))));
    }
  }

  /** Returns the families that have a data point. */
  List<MetricSnapshot> families() {
    List<MetricSnapshot> families = new ArrayList<>(selfMetrics);
    families.add(
        new HistogramSnapshot(
            HttpFamilies.HTTP_REQUEST_DURATION_HIGHR.metadata(),
            List.of(duration(DurationBuckets.highr(total), total, Labels.EMPTY))));
    if (!requests.isEmpty()) {
      families.add(new CounterSnapshot(HttpFamilies.HTTP_REQUESTS.metadata(), requests));
      families.add(new SummarySnapshot(HttpFamilies.HTTP_REQUEST_SIZE.metadata(), requestSizes));
      families.add(new SummarySnapshot(HttpFamilies.HTTP_RESPONSE_SIZE.metadata(), responseSizes));
      families.add(new HistogramSnapshot(HttpFamilies.HTTP_REQUEST_DURATION.metadata(), durations));
    }
    return families;
  }
}
