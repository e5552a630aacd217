package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.LatencyCounts;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * The latencies of one model, of any status, between two moments.
 *
 * <p>The count is exact. The mean is, too, of what had ended when the snapshot was taken; where
 * predictions end meanwhile, it is off by at most twice {@link #RELATIVE_ERROR} of itself, unless
 * latencies are above 70 minutes. A quantile is off by at most {@link #RELATIVE_ERROR} of itself,
 * or by a microsecond where it is below one; above 70 minutes it is given as 70 minutes. Immutable.
 *
 * @since 0.1.0
 */
public final class LatencySnapshot {
  /** The most that a quantile or the maximum is off, as a share of itself: 2^(1/64) - 1. */
  public static final double RELATIVE_ERROR = 0.0109;

  private static final int HDR_SIGNIFICANT_DIGITS = 3;
  private static final double NANOS_PER_MILLI = 1e6;

  private final LatencyCounts counts;

  LatencySnapshot(LatencyCounts counts) {
    this.counts = counts;
  }

  /**
   * Returns the number of predictions.
   *
   * @return at least 0
   */
  public long count() {
    return counts.count();
  }

  /**
   * Returns the mean.
   *
   * @return milliseconds; NaN without predictions
   */
  public double meanMillis() {
    return counts.sumMillis() / counts.count();
  }

  /**
   * Returns the longest latency.
   *
   * @return milliseconds; NaN without predictions
   */
  public double maxMillis() {
    return quantileMillis(1);
  }

  /**
   * Returns a quantile, by nearest rank: the smallest latency that at least this share of the
   * predictions does not exceed.
   *
   * @param quantile from 0 to 1: 0.99 for the 99th percentile
   * @return milliseconds; NaN without predictions
   * @throws IllegalArgumentException if the quantile is not from 0 to 1
   */
  public double quantileMillis(double quantile) {
    if (!(quantile >= 0 && quantile <= 1)) {
      throw new IllegalArgumentException(
          "A quantile is from 0 to 1, not %s: the 99th percentile is 0.99.".formatted(quantile));
    }
    return counts.quantileMillis(quantile);
  }

  /**
   * Returns how many predictions took at most this long.
   *
   * @param millis a latency in milliseconds
   * @return exact at the bounds of the buckets; elsewhere latencies within {@link #RELATIVE_ERROR}
   *     of it may be on either side; latencies above 70 minutes are only counted for infinity
   */
  public long countAtMost(double millis) {
    return counts.countAtMost(millis);
  }

  /**
   * Returns what came after an earlier snapshot.
   *
   * @param earlier a snapshot that {@link ServedModel#latency()} of the same model returned before
   * @return the latencies since then
   * @throws IllegalArgumentException if it is not an earlier one, or of another model
   */
  public LatencySnapshot since(LatencySnapshot earlier) {
    return new LatencySnapshot(counts.since(earlier.counts));
  }

  /**
   * Fills a histogram of HdrHistogram's, for its tools.
   *
   * @return a new histogram of nanoseconds; each latency stands in the middle of its slot
   */
  public Histogram toHdrHistogram() {
    Histogram histogram = new Histogram(HDR_SIGNIFICANT_DIGITS);
    counts.forEach(
        (millis, count) ->
            histogram.recordValueWithCount(Math.round(millis * NANOS_PER_MILLI), count));
    return histogram;
  }

  /**
   * Returns count and percentiles for a log; what it looks like may change.
   *
   * @return such as {@code LatencySnapshot[count=2, p50=10.00 ms, p95=70.00 ms, p99=70.00 ms,
   *     max=70.00 ms]}; without predictions the count alone
   */
  @Override
  public String toString() {
    if (count() == 0) {
      return "LatencySnapshot[count=0]";
    }
    return String.format(
        Locale.ROOT,
        "LatencySnapshot[count=%d, p50=%.2f ms, p95=%.2f ms, p99=%.2f ms, max=%.2f ms]",
        count(),
        quantileMillis(0.5),
        quantileMillis(0.95),
        quantileMillis(0.99),
        maxMillis());
  }
}
