package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Service;

/** The code of docs/spring.md. */
class SnippetsTest {
  // @start region="model"
  @Service
  static class Model {
    @TimedPrediction
    public float predict(float[] x) {
      return x[0];
    }
  }

  @Service
  static class Batch {
    private final PredictionRecorder recorder;

    Batch(PredictionRecorder recorder) {
      this.recorder = recorder;
    }

    void run(List<float[]> rows, Model model) {
      rows.forEach(x -> recorder.time(() -> model.predict(x)));
    }
  }

  // @end

  @Test
  void guide_counts() {
    TimedContext.RUNNER
        .withBean(Model.class)
        .withBean(Batch.class)
        .run(
            context -> {
              context.getBean(Model.class).predict(new float[] {1});
              context.getBean(Batch.class).run(List.of(new float[] {2}), new Model());

              assertThat(
                      Samples.of(context.getBean(PrometheusRegistry.class))
                          .value("predictions_total"))
                  .isEqualTo(2);
            });
  }
}
