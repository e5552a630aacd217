package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.testing.ProjectFiles;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The guide's part on ONNX Runtime, on the example's model. */
class OnnxRuntimeTest {
  private static final Path IRIS =
      ProjectFiles.of("examples/jetty-onnx-server/src/main/resources/iris.onnx");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder("iris", "1");

  @Test
  void predictions_stagesAndTheLoad_areRecorded() throws Exception {
    float[][] rows = {{6.3f, 3.3f, 6.0f, 2.5f}};
    // @start region="onnx"
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    OrtSession session = recorder.model().load(() -> environment.createSession(IRIS.toString()));
    String name = session.getInputNames().iterator().next();

    long[] species =
        recorder.timeStages(
            prediction -> {
              prediction.batchSize(rows.length);
              try (OnnxTensor input = OnnxTensor.createTensor(environment, rows)) {
                prediction.endStage(Stage.PREPROCESS);
                try (OrtSession.Result output = session.run(Map.of(name, input))) {
                  prediction.endStage(Stage.INFERENCE);
                  return (long[]) output.get(0).getValue();
                }
              }
            });
    // @end
    session.close();
    assertThat(species).containsExactly(2);
    assertThat(Samples.of(registry))
        .containsEntry("predicted_items_total{model=\"iris\",version=\"1\"}", 1.0)
        .containsEntry(
            "prediction_stage_latency_ms_count{model=\"iris\",stage=\"inference\",version=\"1\"}",
            1.0)
        .containsEntry("model_ready{model=\"iris\",version=\"1\"}", 1.0);
  }
}
