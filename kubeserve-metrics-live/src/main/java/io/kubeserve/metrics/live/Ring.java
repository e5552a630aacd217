package io.kubeserve.metrics.live;

import java.util.Arrays;

/** The last values of a series, one for each sample; NaN where there is none. */
final class Ring {
  private final double[] values;

  Ring(int size) {
    values = new double[size];
    Arrays.fill(values, Double.NaN);
  }

  /** Sets the value of a sample, in the place of the one that is a ring's size older. */
  void set(long sample, double value) {
    values[indexOf(sample)] = value;
  }

  void set(long sample, long value) {
    set(sample, (double) value); // exact below 2^53
  }

  double get(long sample) {
    return values[indexOf(sample)];
  }

  private int indexOf(long sample) {
    return (int) (sample % values.length);
  }
}
