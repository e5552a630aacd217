package io.kubeserve.load;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/** Reads the results each second, prints them and logs them, and once more at the end. */
final class Progress implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final Results results;
  private final Report report;
  private final @Nullable HistogramLogWriter log;
  private final long startNanos = System.nanoTime();
  private long intervalStartMillis = System.currentTimeMillis();

  Progress(Results results, Report report, @Nullable Path hlog) throws FileNotFoundException {
    this.results = results;
    this.report = report;
    this.log = hlog == null ? null : new HistogramLogWriter(hlog.toFile());
    if (log != null) {
      log.outputLogFormatVersion();
      log.outputStartTime(intervalStartMillis);
      log.outputLegend();
    }
  }

  void start() {
    ScheduledFuture<?> unused =
        clock.scheduleAtFixedRate(this::readInterval, 1, 1, TimeUnit.SECONDS);
  }

  private synchronized void readInterval() {
    Histogram interval = results.interval();
    long nowMillis = System.currentTimeMillis();
    interval.setStartTimeStamp(intervalStartMillis);
    interval.setEndTimeStamp(nowMillis);
    intervalStartMillis = nowMillis;
    if (log != null) {
      log.outputIntervalHistogram(interval);
    }
    report.interval(seconds(), interval, results);
  }

  private double seconds() {
    return (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
  }

  /** Reads what is left, and prints the table. */
  @Override
  public void close() {
    clock.shutdownNow();
    readInterval();
    report.end(seconds(), results);
    if (log != null) {
      log.close();
    }
  }
}
