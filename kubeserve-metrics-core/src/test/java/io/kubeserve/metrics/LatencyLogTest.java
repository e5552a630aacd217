package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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
    recorder.record(Duration.ofMillis(1), Status.SUCCESS);
    try (LatencyLog log = new LatencyLog(recorder.model(), out, wallClockMillis::get)) {
      recorder.record(Duration.ofMillis(20), Status.SUCCESS);
      recorder.record(Duration.ofMillis(30), Status.ERROR);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
      recorder.record(Duration.ofMillis(400), Status.SUCCESS);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
    }

    HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(out.toByteArray()));
    assertInterval(reader, 2, 30);
    assertInterval(reader, 0, 0);
    assertInterval(reader, 1, 400);
    assertThat(reader.nextIntervalHistogram()).isNull();
  }

  @Test
  void log_hasTheHeadOfTheFormat() {
    new LatencyLog(recorder.model(), out, wallClockMillis::get).close();

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(3)
        .anyMatch(line -> line.startsWith("#[Histogram log format version "))
        .anyMatch(line -> line.startsWith("#[StartTime: 1700000000.000"))
        .anyMatch(line -> line.startsWith("\"StartTimestamp\",\"Interval_Length\""));
  }

  @Test
  void close_closesTheStream() {
    AtomicBoolean closed = new AtomicBoolean();
    OutputStream stream =
        new FilterOutputStream(out) {
          @Override
          public void close() throws IOException {
            closed.set(true);
            super.close();
          }
        };

    new LatencyLog(recorder.model(), stream).close();

    assertThat(closed).isTrue();
  }

  private static void assertInterval(HistogramLogReader reader, int count, double maxMillis) {
    Histogram interval = (Histogram) reader.nextIntervalHistogram();

    assertThat(interval.getTotalCount()).isEqualTo(count);
    assertThat(interval.getEndTimeStamp() - interval.getStartTimeStamp()).isEqualTo(1000);
    assertThat(interval.getMaxValue() / 1e6).isBetween(0.98 * maxMillis, 1.02 * maxMillis);
  }

  @Test
  void writeInterval_seriesBeganAnew_isWhatCameSince() {
    PrometheusRegistry registry = new PrometheusRegistry();
    ManualTicker ticker = new ManualTicker();
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).ticker(ticker).build();
    PredictionRecorder held = metrics.recorder("a", "1");
    held.record(Duration.ofMillis(30), Status.SUCCESS);
    try (LatencyLog log = new LatencyLog(held.model(), out, wallClockMillis::get)) {
      held.model().retire();
      Scrape.of(registry);
      ticker.advanceMillis(180_000);
      Scrape.of(registry);
      metrics.recorder("a", "1").record(Duration.ofMillis(20), Status.SUCCESS);
      held.record(Duration.ofMillis(20), Status.SUCCESS);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
      held.record(Duration.ofMillis(40), Status.SUCCESS);
      wallClockMillis.addAndGet(1000);
      log.writeInterval();
    }

    HistogramLogReader reader = new HistogramLogReader(new ByteArrayInputStream(out.toByteArray()));
    assertInterval(reader, 2, 20);
    assertInterval(reader, 1, 40);
  }
}
