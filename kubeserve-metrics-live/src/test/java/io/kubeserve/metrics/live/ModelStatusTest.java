package io.kubeserve.metrics.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.Loads;
import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.live.ModelStatus.State;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page says in words how a model is. */
class ModelStatusTest {
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).ticker(ticker).build();
  private final LiveHistory history = new LiveHistory(metrics, null, new JvmReadings());
  private final PredictionRecorder recorder = metrics.recorder("iris", "1");
  private long epochMillis = 1_700_000_000_000L;

  @BeforeEach
  void sample() {
    ticker.advance(Duration.ofSeconds(1));
    epochMillis += 1000;
    history.sample(epochMillis);
  }

  private void record(int predictions, Duration latency) {
    for (int i = 0; i < predictions; i++) {
      recorder.record(latency, Status.SUCCESS);
    }
  }

  private ModelStatus status() {
    sample();
    LiveModel model = history.models().iterator().next();
    return ModelStatus.of(model, history, Duration.ofMillis(500));
  }

  @Test
  void traffic_serving() {
    record(99, Duration.ofMillis(3));
    recorder.recordError(Duration.ofMillis(3), ErrorReason.TIMEOUT);

    assertThat(status())
        .isEqualTo(
            new ModelStatus(State.SERVING, "100 predictions in the last 60 s, of which 1 failed."));
  }

  @Test
  void moreThanOneInAHundredFails_failing() {
    record(98, Duration.ofMillis(3));
    recorder.recordError(Duration.ofMillis(3), ErrorReason.TIMEOUT);
    recorder.recordError(Duration.ofMillis(3), ErrorReason.REJECTED);
    recorder.recordError(Duration.ofMillis(3), ErrorReason.REJECTED);

    assertThat(status())
        .isEqualTo(
            new ModelStatus(
                State.FAILING,
                "101 predictions in the last 60 s, of which 3 failed, most of them with the reason rejected."));
  }

  @Test
  void p95AboveTheLimit_slow() {
    record(94, Duration.ofMillis(3));
    record(6, Duration.ofMillis(1600));

    assertThat(status())
        .isEqualTo(
            new ModelStatus(
                State.SLOW,
                "One in twenty of the predictions in the last 60 s took longer than 1.6 s, which is more than 500 ms."));
  }

  @Test
  void noneUnderWay_idle() {
    assertThat(status()).isEqualTo(new ModelStatus(State.IDLE, "No prediction in the last 60 s."));
  }

  @Test
  void someUnderWayAndNoneEnded_slow() {
    recorder.start();

    assertThat(status())
        .isEqualTo(
            new ModelStatus(
                State.SLOW, "1 prediction under way, and none that ended in the last 60 s."));
  }

  @Test
  void afterTheWindow_idleAgain() {
    record(5, Duration.ofSeconds(9));
    for (int i = 0; i < 61; i++) {
      sample();
    }

    assertThat(status().state()).isEqualTo(State.IDLE);
  }

  @Test
  void loadThatFailed_notReady() {
    Loads.fail(recorder);

    assertThat(status().state()).isEqualTo(State.NOT_READY);
    assertThat(status().state().word()).isEqualTo("not ready");
  }

  @Test
  void closed_gone() {
    recorder.model().remove();

    assertThat(status().state()).isEqualTo(State.GONE);
  }
}
