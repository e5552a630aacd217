package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.HttpMethod;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicReferenceArray;

/** All that is kept of one method of a handler: cells for each status that was answered. */
final class MethodSeries {
  final Labels labels;
  private final StatusLabels statuses;
  private final AtomicReferenceArray<HttpCells> cells;

  MethodSeries(HttpMethod method, String handler, StatusLabels statuses) {
    this.labels = Labels.of(LabelName.METHOD, method.labelValue(), LabelName.HANDLER, handler);
    this.statuses = statuses;
    this.cells = new AtomicReferenceArray<>(statuses.count());
  }

  HttpCells cells(int status) {
    int index = statuses.indexOf(status);
    HttpCells known = cells.getAcquire(index);
    if (known != null) {
      return known;
    }
    HttpCells fresh = new HttpCells();
    HttpCells winner = cells.compareAndExchange(index, null, fresh);
    return winner != null ? winner : fresh;
  }

  /** Shows every status that was answered, and its labels, to a reader. */
  void forEach(StatusReader reader) {
    for (int index = 0; index < cells.length(); index++) {
      HttpCells known = cells.getAcquire(index);
      if (known != null) {
        reader.read(known.read(), labels.add(LabelName.STATUS, statuses.labelOf(index)));
      }
    }
  }

  /** Takes what was read of one status. */
  @FunctionalInterface
  interface StatusReader {
    void read(HttpReading reading, Labels labels);
  }
}
