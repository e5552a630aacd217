package io.kubeserve.load;

import java.io.PrintWriter;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What is printed: a line for each interval, and a table at the end. */
final class Report {
  private static final double[] PERCENTILES = {50, 90, 95, 99, 99.9, 99.99, 100};
  private static final double NANOS_PER_MILLI = 1e6;

  private final PrintWriter progress;
  private final PrintWriter table;

  Report(PrintWriter progress, PrintWriter table) {
    this.progress = progress;
    this.table = table;
  }

  /** Prints how it goes. */
  void interval(double seconds, Histogram interval, Results results) {
    progress.printf(
        Locale.ROOT,
        "%5.0f s  %,d sent, %,d answered, %,d failed; last interval: %,d, P50 %.2f ms, P99 %.2f ms%n",
        seconds,
        results.sent(),
        results.ended(),
        results.failed(),
        interval.getTotalCount(),
        millis(interval, 50),
        millis(interval, 99));
    progress.flush();
  }

  /** Prints what came of it. */
  void end(double seconds, Results results) {
    table.printf(
        Locale.ROOT,
        "%,d requests in %.1f s, %.0f per second%n",
        results.ended(),
        seconds,
        results.ended() / seconds);
    results.outcomes().forEach((outcome, count) -> table.printf("  %-24s %,12d%n", outcome, count));
    table.println("latency since each was due");
    for (double percentile : PERCENTILES) {
      table.printf(
          Locale.ROOT,
          "  %-24s %12.3f ms%n",
          percentile == 100 ? "max" : "P" + trimmed(percentile),
          millis(results.all(), percentile));
    }
    table.flush();
  }

  private static String trimmed(double percentile) {
    return percentile == Math.rint(percentile)
        ? Long.toString(Math.round(percentile))
        : Double.toString(percentile);
  }

  private static double millis(Histogram histogram, double percentile) {
    return histogram.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }
}
