package io.kubeserve.metrics.internal;

/** How bucket bounds are compared: in whole nanoseconds. */
public final class Bounds {
  /** The longest duration that is told from longer ones: 2^53 ns, about 104 days. */
  public static final long MAX_NANOS = 1L << 53;

  private Bounds() {}

  /**
   * Finds the longest duration within a bound.
   *
   * <p>A duration of {@code n} nanoseconds is within a bound exactly when {@code n / nanosPerUnit},
   * divided as doubles, is at most the bound. Rounding is monotone, so there is a largest such
   * {@code n}.
   *
   * @param bound positive, finite
   * @param nanosPerUnit the nanoseconds of the bound's unit
   * @return at most {@link #MAX_NANOS}
   */
  public static long largestNanosWithin(double bound, double nanosPerUnit) {
    long nanos = (long) Math.min(bound * nanosPerUnit, MAX_NANOS);
    while (nanos < MAX_NANOS && (nanos + 1) / nanosPerUnit <= bound) {
      nanos++;
    }
    while (nanos > 0 && nanos / nanosPerUnit > bound) {
      nanos--;
    }
    return nanos;
  }
}
