package io.kubeserve.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What the load is to show.
 *
 * @param maxFailedPercent the most requests that may fail, in percent
 * @param maxP99 the longest 99th percentile; zero for any
 */
record Objective(double maxFailedPercent, Duration maxP99) {
  private static final double P99 = 99;
  private static final double NANOS_PER_MILLI = 1e6;

  /** Returns what was missed, a sentence each. */
  List<String> missed(Results results) {
    List<String> missed = new ArrayList<>();
    double failedPercent = results.ended() == 0 ? 100 : 100.0 * results.failed() / results.ended();
    if (failedPercent > maxFailedPercent) {
      missed.add(
          String.format(
              Locale.ROOT,
              "%.3f %% of the requests failed, more than %s %%.",
              failedPercent,
              maxFailedPercent));
    }
    Histogram latencies = results.all();
    if (!maxP99.isZero() && latencies.getValueAtPercentile(P99) > maxP99.toNanos()) {
      missed.add(
          String.format(
              Locale.ROOT,
              "The 99th percentile is %.1f ms, more than %d ms.",
              latencies.getValueAtPercentile(P99) / NANOS_PER_MILLI,
              maxP99.toMillis()));
    }
    return missed;
  }
}
