package io.kubeserve.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the live page holds in memory, by what HotSpot counts as alive. */
@Tag("container")
class LiveMemoryTest {
  /** What the servlet's Javadoc and the guide promise. */
  private static final long LIMIT_BYTES = 4L * 1024 * 1024;

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder()
          .registry(new PrometheusRegistry())
          .ticker(ticker)
          .maxModels(2 * LiveHistory.MAX_MODELS)
          .build();
  private final List<PredictionRecorder> recorders = new ArrayList<>();

  private static long liveBytes() throws Exception {
    // Collects garbage before it counts.
    String histogram =
        (String)
            ManagementFactory.getPlatformMBeanServer()
                .invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "gcClassHistogram",
                    new Object[] {new String[0]},
                    new String[] {String[].class.getName()});
    Matcher total = TOTAL.matcher(histogram);
    assertThat(total.find()).isTrue();
    return Long.parseLong(total.group(1));
  }

  /** Latencies and stages of every length, so that a snapshot is as large as it can be. */
  private void predict() {
    for (PredictionRecorder recorder : recorders) {
      for (long micros = 1; micros < 5_000_000_000L; micros *= 10) {
        Prediction prediction = recorder.start();
        for (Stage stage :
            List.of(Stage.QUEUE, Stage.PREPROCESS, Stage.INFERENCE, Stage.POSTPROCESS)) {
          ticker.advance(java.time.Duration.ofNanos(250 * micros));
          prediction.endStage(stage);
        }
        prediction.error(ErrorReason.TIMEOUT);
        prediction.close();
      }
    }
  }

  @Test
  void moreModelsAndSamplesThanAreKept_staysBelowTheLimit() throws Exception {
    for (int i = 0; i < 2 * LiveHistory.MAX_MODELS; i++) {
      recorders.add(metrics.recorder("m", "" + i));
    }
    predict();
    for (int i = 0; i < 100; i++) {
      ticker.advanceMillis(1000);
      metrics.summary(); // what the recorders keep for any reader
    }
    long before = liveBytes();
    LiveHistory history = new LiveHistory(metrics, null, new JvmReadings());
    for (int i = 0; i < LiveHistory.SAMPLES; i++) {
      ticker.advanceMillis(1000);
      history.sample(i * 1000L);
    }
    long full = liveBytes() - before;
    for (int i = 0; i < 2 * LiveHistory.SAMPLES; i++) {
      ticker.advanceMillis(1000);
      history.sample(i * 1000L);
    }
    long later = liveBytes() - before;

    // The rings alone are a third of the limit: less would be a measurement of something else.
    assertThat(full).isBetween(LIMIT_BYTES / 4, LIMIT_BYTES);
    assertThat(later).isBetween(LIMIT_BYTES / 4, LIMIT_BYTES);
    assertThat(history.models()).hasSize(LiveHistory.MAX_MODELS);
  }
}
