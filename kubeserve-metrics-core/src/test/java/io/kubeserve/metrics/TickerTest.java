package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class TickerTest {
  private final ManualTicker manual = new ManualTicker();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private boolean broken;

  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(this::nanos).build().recorder();

  private long nanos() {
    if (broken) {
      throw new IllegalStateException("no clock");
    }
    return manual.nanos();
  }

  @Test
  void system_isTheClockOfTheJvm() {
    long before = System.nanoTime();
    long nanos = Ticker.system().nanos();
    long after = System.nanoTime();

    assertThat(nanos - before).isNotNegative();
    assertThat(after - nanos).isNotNegative();
  }

  @Test
  void ticker_throwsAtTheStartOnly_latencyIsSinceItsLastReading() {
    manual.advance(Duration.ofHours(1));
    recorder.run(() -> {});
    broken = true;
    recorder.run(() -> broken = false);

    assertThat(Scrape.of(registry).count()).isEqualTo(2);
    assertThat(Scrape.of(registry).sumMillis()).isZero();
  }

  @Test
  void ticker_throwsAgain_isLoggedOnce() {
    List<LogRecord> logged = new ArrayList<>();
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord record) {
            logged.add(record);
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Logger logger = Logger.getLogger(Ticker.class.getName());
    logger.addHandler(handler);
    try {
      broken = true;
      recorder.run(() -> {});
      recorder.run(() -> {});
    } finally {
      logger.removeHandler(handler);
    }

    assertThat(logged).hasSize(1);
    assertThat(logged.get(0).getThrown()).hasMessage("no clock");
  }
}
