package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.testing.SkippedTests;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.SessionFunction;
import org.tensorflow.Signature;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.StdArrays;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.math.Sigmoid;
import org.tensorflow.types.TFloat32;

/**
 * The guide's part on TensorFlow, on a logistic regression that the test saves first. Its native
 * library comes with the profile {@code tensorflow}.
 */
class TensorFlowTest {
  private static final float[] FEATURES = {1, 2};
  private static final float[][] WEIGHTS = {{0.5f}, {-0.25f}};

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder("fraud", "1");

  @BeforeAll
  static void nativeLibrary() {
    boolean there =
        TensorFlowTest.class
                .getClassLoader()
                .getResource("org/tensorflow/internal/c_api/linux-x86_64/libjnitensorflow.so")
            != null;
    SkippedTests.unless(
        there, TensorFlowTest.class, "TensorFlow's native library, of -Ptensorflow");
  }

  private static void save(Path folder) throws IOException {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Placeholder<TFloat32> x =
          tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, WEIGHTS.length)));
      Sigmoid<TFloat32> y = tf.math.sigmoid(tf.linalg.matMul(x, tf.constant(WEIGHTS)));
      Signature signature =
          Signature.builder(Signature.DEFAULT_KEY).input("x", x).output("y", y).build();
      SavedModelBundle.exporter(folder.toString())
          .withFunction(SessionFunction.create(signature, session))
          .export();
    }
  }

  @Test
  void predictions_stagesAndTheLoad_areRecorded(@TempDir Path path) throws Exception {
    save(path);
    // @start region="tensorflow"
    SavedModelBundle model = recorder.model().load(() -> SavedModelBundle.load(path.toString()));

    float score =
        recorder.timeStages(
            prediction -> {
              try (TFloat32 input =
                  TFloat32.tensorOf(StdArrays.ndCopyOf(new float[][] {FEATURES}))) {
                prediction.endStage(Stage.PREPROCESS);
                try (Result output = model.call(Map.of("x", input))) {
                  prediction.endStage(Stage.INFERENCE);
                  return ((TFloat32) output.get("y").orElseThrow()).getFloat(0, 0);
                }
              }
            });
    // @end
    model.close();
    assertThat(score).isCloseTo(0.5f, within(1e-6f));
    assertThat(Samples.of(registry))
        .containsEntry("predictions_total{model=\"fraud\",status=\"success\",version=\"1\"}", 1.0)
        .containsEntry(
            "prediction_stage_latency_ms_count{model=\"fraud\",stage=\"inference\",version=\"1\"}",
            1.0)
        .containsEntry("model_ready{model=\"fraud\",version=\"1\"}", 1.0);
  }
}
