package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.internal.OpenPrediction;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;

class OpenPredictionTest {
  private final PredictionMetrics metrics =
      PredictionMetrics.builder().registry(new PrometheusRegistry()).build();
  private final PredictionRecorder recorder = metrics.recorder();

  private long inFlight() {
    return metrics.summary().models().get(0).inFlight();
  }

  @Test
  void discard_isAsIfItHadNeverStarted() {
    Prediction prediction = recorder.start();
    assertThat(inFlight()).isEqualTo(1);

    ((OpenPrediction) prediction).discard();
    ((OpenPrediction) prediction).discard();
    prediction.close();

    assertThat(inFlight()).isZero();
    assertThat(recorder.model().latency().count()).isZero();
  }

  @Test
  void discard_afterItsEnd_changesNothing() {
    Prediction prediction = recorder.start();
    prediction.close();

    ((OpenPrediction) prediction).discard();

    assertThat(inFlight()).isZero();
    assertThat(recorder.model().latency().count()).isEqualTo(1);
  }
}
