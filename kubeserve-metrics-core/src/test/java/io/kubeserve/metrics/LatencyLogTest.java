package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

class LatencyLogTest {
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build().recorder();
  private final AtomicLong wallClockMillis = new AtomicLong(1_700_000_000_000L);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void writeInterval_isReadByHdrHistogramsOwnReader() {
    recorder.recordNanos(1_000_000, Status.SUCCESS);
    try (LatencyLog log = new LatencyLog(recorder, out, wallClockMillis::get)) {
      recorder.recordNanos(20_000_000, Status.SUCCESS);
      recorder.recordNanos(30_000_000, Status.ERROR);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
      recorder.recordNanos(400_000_000, Status.SUCCESS);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
    }

    HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(out.toByteArray()));
    assertInterval(reader, 2, 30);
    assertInterval(reader, 0, 0);
    assertInterval(reader, 1, 400);
    assertThat(reader.nextIntervalHistogram()).isNull();
  }

  private static void assertInterval(HistogramLogReader reader, int count, double maxMillis) {
    Histogram interval = (Histogram) reader.nextIntervalHistogram();

    assertThat(interval.getTotalCount()).isEqualTo(count);
    assertThat(interval.getEndTimeStamp() - interval.getStartTimeStamp()).isEqualTo(1000);
    assertThat(interval.getMaxValue() / 1e6).isBetween(0.98 * maxMillis, 1.02 * maxMillis);
  }
}
