package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;

/** Loads that succeed and loads that fail. */
final class Loads {
  private Loads() {}

  static void succeed(PredictionRecorder recorder) {
    recorder.load(() -> "model");
  }

  static void fail(PredictionRecorder recorder) {
    assertThatThrownBy(
            () ->
                recorder.load(
                    () -> {
                      throw new IOException("no such file");
                    }))
        .isInstanceOf(IOException.class);
  }
}
