package io.kubeserve.metrics;

import java.io.OutputStream;
import java.util.function.LongSupplier;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * A log of a recorder's latencies in HdrHistogram's interval format ({@code .hlog}), which its own
 * tools read.
 *
 * <p>Nothing runs by itself: whoever has a timer calls {@link #writeInterval()}. For one thread.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="latencyLog"}
 *
 * @since 0.1.0
 */
public final class LatencyLog implements AutoCloseable {
  private final PredictionRecorder recorder;
  private final LongSupplier wallClockMillis;
  private final HistogramLogWriter writer;
  private Histogram previous;
  private long intervalStartMillis;

  /**
   * Begins a log, with latencies from now on.
   *
   * @param recorder whose latencies
   * @param out where the log goes; {@link #close()} closes it
   */
  public LatencyLog(PredictionRecorder recorder, OutputStream out) {
    this(recorder, out, System::currentTimeMillis);
  }

  LatencyLog(PredictionRecorder recorder, OutputStream out, LongSupplier wallClockMillis) {
    this.recorder = recorder;
    this.wallClockMillis = wallClockMillis;
    this.writer = new HistogramLogWriter(out);
    this.previous = recorder.model().latency().toHdrHistogram();
    this.intervalStartMillis = wallClockMillis.getAsLong();
    writer.outputLogFormatVersion();
    writer.outputStartTime(intervalStartMillis);
    writer.outputLegend();
  }

  /** Writes what has ended since the last call, in nanoseconds, its maximum in milliseconds. */
  public void writeInterval() {
    Histogram now = recorder.model().latency().toHdrHistogram();
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
