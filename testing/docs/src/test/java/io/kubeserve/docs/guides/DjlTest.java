package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.Batchifier;
import ai.djl.translate.Translator;
import ai.djl.translate.TranslatorContext;
import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.testing.ProjectFiles;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The guide's part on DJL, on the example's model in ONNX Runtime. */
class DjlTest {
  private static final Path IRIS =
      ProjectFiles.of("examples/jetty-onnx-server/src/main/resources/iris.onnx");
  private static final float[] SETOSA = {5.1f, 3.5f, 1.4f, 0.2f};
  private static final float[] VIRGINICA = {6.3f, 3.3f, 6.0f, 2.5f};

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder("iris", "1");

  /** What a team has: rows of features in, the class of each out. */
  static final class IrisTranslator implements Translator<float[][], long[]> {
    @Override
    public NDList processInput(TranslatorContext context, float[][] rows) {
      return new NDList(context.getNDManager().create(rows));
    }

    @Override
    public long[] processOutput(TranslatorContext context, NDList output) {
      return output.get(0).toLongArray();
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return null; // rows come together
    }
  }

  // @start region="djl-stages"
  /** Tells a prediction the stages that DJL's predictor passes through within one call. */
  static final class StagedTranslator<I, O> implements Translator<I, O> {
    private final Translator<I, O> translator;
    private @Nullable Prediction prediction;

    StagedTranslator(Translator<I, O> translator) {
      this.translator = translator;
    }

    /** Says whose stages come next; as the predictor itself, for one thread at a time. */
    void begin(Prediction next) {
      prediction = next;
    }

    private void done(Stage stage) {
      if (prediction != null) {
        prediction.endStage(stage);
      }
    }

    @Override
    public NDList processInput(TranslatorContext context, I input) throws Exception {
      NDList list = translator.processInput(context, input);
      done(Stage.PREPROCESS);
      return list;
    }

    @Override
    public O processOutput(TranslatorContext context, NDList list) throws Exception {
      done(Stage.INFERENCE);
      O output = translator.processOutput(context, list);
      done(Stage.POSTPROCESS);
      return output;
    }

    // the two that DJL calls where the translator has a batchifier
    @Override
    public NDList batchProcessInput(TranslatorContext context, List<I> inputs) throws Exception {
      NDList list = translator.batchProcessInput(context, inputs);
      done(Stage.PREPROCESS);
      return list;
    }

    @Override
    public List<O> batchProcessOutput(TranslatorContext context, NDList list) throws Exception {
      done(Stage.INFERENCE);
      List<O> outputs = translator.batchProcessOutput(context, list);
      done(Stage.POSTPROCESS);
      return outputs;
    }

    @Override
    public @Nullable Batchifier getBatchifier() {
      return translator.getBatchifier();
    }

    @Override
    public void prepare(TranslatorContext context) throws Exception {
      translator.prepare(context);
    }
  }

  // @end

  @Test
  void predictions_batchesAndTheLoad_areRecorded() throws Exception {
    float[][] one = {SETOSA};
    float[][] rows = {SETOSA, VIRGINICA};
    List<long[]> answers = new ArrayList<>();
    // @start region="djl"
    Criteria<float[][], long[]> criteria =
        Criteria.builder()
            .setTypes(float[][].class, long[].class)
            .optModelPath(IRIS)
            .optEngine("OnnxRuntime")
            .optTranslator(new IrisTranslator())
            .build();
    ZooModel<float[][], long[]> model = recorder.model().load(criteria::loadModel);

    // a predictor for each thread: DJL's are for one at a time
    try (Predictor<float[][], long[]> predictor = model.newPredictor()) {
      answers.add(recorder.time(() -> predictor.predict(one)));
      answers.add(
          recorder.timeStages(
              prediction -> {
                prediction.batchSize(rows.length);
                return predictor.predict(rows);
              }));
    }
    // @end
    assertThat(answers).containsExactly(new long[] {0}, new long[] {0, 2});
    model.close();
    assertThat(Samples.of(registry))
        .containsEntry("predictions_total{model=\"iris\",status=\"success\",version=\"1\"}", 2.0)
        .containsEntry("predicted_items_total{model=\"iris\",version=\"1\"}", 2.0)
        .containsEntry("model_ready{model=\"iris\",version=\"1\"}", 1.0);
  }

  @Test
  void stages_areToldByTheTranslator() throws Exception {
    float[][] one = {VIRGINICA};
    List<long[]> answers = new ArrayList<>();
    try (ZooModel<float[][], long[]> model =
        Criteria.builder()
            .setTypes(float[][].class, long[].class)
            .optModelPath(IRIS)
            .optEngine("OnnxRuntime")
            .optTranslator(new IrisTranslator())
            .build()
            .loadModel()) {
      // @start region="djl-staged"
      StagedTranslator<float[][], long[]> translator = new StagedTranslator<>(new IrisTranslator());
      try (Predictor<float[][], long[]> predictor = model.newPredictor(translator)) {
        answers.add(
            recorder.timeStages(
                prediction -> {
                  translator.begin(prediction);
                  return predictor.predict(one);
                }));
      }
      // @end
    }
    assertThat(answers).containsExactly(new long[] {2});
    Map<String, Double> samples = Samples.of(registry);
    for (String stage : List.of("preprocess", "inference", "postprocess")) {
      assertThat(samples)
          .containsEntry(
              "prediction_stage_latency_ms_count{model=\"iris\",stage=\"%s\",version=\"1\"}"
                  .formatted(stage),
              1.0);
    }
  }
}
