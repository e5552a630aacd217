package io.kubeserve.metrics.http;

import io.kubeserve.metrics.http.internal.HttpMethod;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/** All that is kept of one handler: series for each method that it was asked with. */
final class HandlerSeries {
  private static final int METHODS = HttpMethod.values().length;

  final Labels labels;
  private final String handler;
  private final StatusLabels statuses;
  private final AtomicReferenceArray<MethodSeries> methods = new AtomicReferenceArray<>(METHODS);

  HandlerSeries(String handler, StatusLabels statuses) {
    this.labels = Labels.of(LabelName.HANDLER, handler);
    this.handler = handler;
    this.statuses = statuses;
  }

  @SuppressWarnings("EnumOrdinal") // an index that leaves this class never
  MethodSeries method(HttpMethod method) {
    MethodSeries known = methods.getAcquire(method.ordinal());
    if (known != null) {
      return known;
    }
    MethodSeries fresh = new MethodSeries(method, handler, statuses);
    MethodSeries winner = methods.compareAndExchange(method.ordinal(), null, fresh);
    return winner != null ? winner : fresh;
  }

  boolean isUsed() {
    for (int index = 0; index < METHODS; index++) {
      if (methods.getAcquire(index) != null) {
        return true;
      }
    }
    return false;
  }

  void forEach(Consumer<MethodSeries> reader) {
    for (int index = 0; index < METHODS; index++) {
      MethodSeries known = methods.getAcquire(index);
      if (known != null) {
        reader.accept(known);
      }
    }
  }
}
