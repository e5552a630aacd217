package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;

/** Loads that succeed and loads that fail. */
public final class Loads {
  private Loads() {}

  public static void succeed(PredictionRecorder recorder) {
    recorder.model().load(() -> "model");
  }

  public static void fail(PredictionRecorder recorder) {
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
