package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;

/** Loads that succeed and loads that fail. */
final class Loads {
  private Loads() {}

  static void succeed(PredictionRecorder recorder) {
    recorder.model().load(() -> "model");
  }

  static void fail(PredictionRecorder recorder) {
    assertThatThrownBy(
            () ->
                recorder
                    .model()
                    .load(
                        () -> {
                          throw new IOException("no such file");
                        }))
        .isInstanceOf(IOException.class);
  }
}
