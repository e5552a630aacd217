package io.kubeserve.metrics.http;

import io.kubeserve.metrics.internal.contract.LabelName;

/** How HTTP statuses become values of the label {@code status}: a value for each index. */
enum StatusLabels {
  /** By the first digit: {@code 2xx}. */
  GROUPED(5),
  /** Each by itself: {@code 204}. */
  EXACT(500);

  private static final int FIRST_STATUS = 100;
  private static final int LAST_STATUS = 599;

  /** The index of what is no status of HTTP's. */
  private final int other;

  StatusLabels(int statuses) {
    this.other = statuses;
  }

  /** Returns the number of values. */
  int count() {
    return other + 1;
  }

  int indexOf(int status) {
    if (status < FIRST_STATUS || status > LAST_STATUS) {
      return other;
    }
    return this == GROUPED ? status / 100 - 1 : status - FIRST_STATUS;
  }

  String labelOf(int index) {
    if (index == other) {
      return LabelName.OTHER_STATUS;
    }
    return this == GROUPED ? index + 1 + "xx" : Integer.toString(FIRST_STATUS + index);
  }
}
