package io.kubeserve.metrics;

import java.io.OutputStream;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A log of a model's latencies in HdrHistogram's interval format ({@code .hlog}), which its own
 * tools read.
 *
 * <p>Nothing runs by itself: whoever has a timer calls {@link #writeInterval()}. For one thread.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="latencyLog"}
 *
 * @since 0.1.0
 */
public final class LatencyLog implements AutoCloseable {
  private final ServedModel model;
  private final LongSupplier wallClockMillis;
  private final HistogramLogWriter writer;
  private Histogram previous;
  private long intervalStartMillis;

  /**
   * Begins a log, with latencies from now on.
   *
   * @param model whose latencies, with any labels of your own
   * @param out where the log goes; {@link #close()} closes it
   */
  public LatencyLog(ServedModel model, OutputStream out) {
    this(model, out, System::currentTimeMillis);
  }

  LatencyLog(ServedModel model, OutputStream out, LongSupplier wallClockMillis) {
    this.model = model;
    this.wallClockMillis = wallClockMillis;
    this.writer = new HistogramLogWriter(out);
    this.previous = model.latency().toHdrHistogram();
    this.intervalStartMillis = wallClockMillis.getAsLong();
    writer.outputLogFormatVersion();
    writer.outputStartTime(intervalStartMillis);
    writer.outputLegend();
  }

  /** Writes what has ended since the last call, in nanoseconds, its maximum in milliseconds. */
  public void writeInterval() {
    Histogram now = model.latency().toHdrHistogram();
    long nowMillis = wallClockMillis.getAsLong();
    Histogram interval = since(previous, now);
    interval.setStartTimeStamp(intervalStartMillis);
    interval.setEndTimeStamp(nowMillis);
    writer.outputIntervalHistogram(interval);
    previous = now;
    intervalStartMillis = nowMillis;
  }

  private static Histogram since(Histogram before, Histogram now) {
    Histogram interval = now.copy();
    try {
      interval.subtract(before);
      return interval;
    } catch (IllegalArgumentException fewer) {
      // The series of a model that was retired have gone, and new ones begun at 0.
      return now.copy();
    }
  }

  /** Closes the stream; what came after the last {@link #writeInterval()} is not written. */
  @Override
  public void close() {
    writer.close();
  }
}
