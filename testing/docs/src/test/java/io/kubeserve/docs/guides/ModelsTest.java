package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The guide on several models. */
class ModelsTest {
  /** What stands for a user's model. */
  interface Model {
    float predict(float[] features);
  }

  // @start region="models"
  /** The models of a server, by name. */
  static final class Models {
    private final PredictionMetrics metrics;
    private final Map<String, Served> served = new ConcurrentHashMap<>();

    private record Served(Model model, PredictionRecorder recorder) {}

    Models(PredictionMetrics metrics) {
      this.metrics = metrics;
    }

    /** Loads a model, or a new version of it under load. */
    void load(String name, String version, Supplier<Model> loading) {
      PredictionRecorder recorder = metrics.recorder(name, version);
      Served old = served.put(name, new Served(recorder.model().load(loading::get), recorder));
      if (old != null && old.recorder() != recorder) {
        old.recorder().model().retire();
      }
    }

    float predict(String name, float[] features) {
      Served current = served.get(name);
      if (current == null) {
        // no recorder for a name that a client has invented
        throw new NoSuchElementException("There is no model " + name);
      }
      return current.recorder().time(() -> current.model().predict(features));
    }

    void unload(String name) {
      Served old = served.remove(name);
      if (old != null) {
        old.recorder().model().retire();
      }
    }
  }

  // @end

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final float[] x = {0.25f, 0.75f};

  @Test
  void predictions_areCountedForTheVersionThatAnswered() throws Exception {
    // @start region="models-build"
    PredictionMetrics metrics =
        PredictionMetrics.builder().registry(registry).maxModels(20).build();
    Models models = new Models(metrics);
    models.load("fraud", "3", () -> features -> features[0]);
    models.load("churn", "1", () -> features -> features[1]);
    // @end
    assertThat(models.predict("fraud", x)).isEqualTo(0.25f);
    models.load("fraud", "4", () -> features -> 2 * features[0]);
    assertThat(models.predict("fraud", x)).isEqualTo(0.5f);
    assertThat(models.predict("churn", x)).isEqualTo(0.75f);
    models.unload("churn");

    assertThatThrownBy(() -> models.predict("churn", x)).hasMessage("There is no model churn");
    assertThatThrownBy(() -> models.predict("..", x)).isInstanceOf(NoSuchElementException.class);
    assertThat(metrics.isReady()).isTrue();
    Map<String, Double> samples = Samples.of(registry);
    assertThat(samples)
        .containsEntry("predictions_total{model=\"fraud\",status=\"success\",version=\"3\"}", 1.0)
        .containsEntry("predictions_total{model=\"fraud\",status=\"success\",version=\"4\"}", 1.0)
        .containsEntry("predictions_total{model=\"churn\",status=\"success\",version=\"1\"}", 1.0)
        .containsEntry("model_ready{model=\"fraud\",version=\"4\"}", 1.0)
        .containsEntry("model_ready{model=\"fraud\",version=\"3\"}", 0.0);
    assertThat(samples.keySet()).noneMatch(series -> series.contains(".."));
  }

  @Test
  void load_ofTheNextVersionThrows_oldOneServesOn() throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).maxModels(2).build();
    Models models = new Models(metrics);
    models.load("fraud", "1", () -> features -> features[0]);
    for (int attempt = 0; attempt < 10; attempt++) {
      assertThatThrownBy(
              () ->
                  models.load(
                      "fraud",
                      "2",
                      () -> {
                        throw new UncheckedIOException(new IOException("no such file"));
                      }))
          .isInstanceOf(UncheckedIOException.class);
    }

    assertThat(metrics.isReady()).isTrue();
    assertThat(models.predict("fraud", x)).isEqualTo(0.25f);
    models.load("fraud", "3", () -> features -> 3 * features[0]);
    assertThat(models.predict("fraud", x)).isEqualTo(0.75f);
    assertThat(metrics.isReady()).isTrue();
    assertThat(Samples.of(registry))
        .containsEntry("model_load_failures_total", 10.0)
        .containsEntry("prediction_models_folded_total", 0.0)
        .containsEntry("model_ready{model=\"fraud\",version=\"3\"}", 1.0)
        .doesNotContainKey("model_ready{model=\"fraud\",version=\"2\"}");
  }

  @Test
  void load_thatIsSlow_oldOneServesMeanwhile() throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    Models models = new Models(metrics);
    models.load("fraud", "1", () -> features -> features[0]);
    models.load(
        "fraud",
        "2",
        () -> {
          assertThat(metrics.isReady()).isTrue();
          return features -> 2 * features[0];
        });

    assertThat(models.predict("fraud", x)).isEqualTo(0.5f);
  }

  @Test
  void modelsPastTheLimit_shareALabel() throws Exception {
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).maxModels(1).build();
    Models models = new Models(metrics);
    models.load("a", "1", () -> features -> 1);
    models.load("b", "1", () -> features -> 2);
    models.load("c", "1", () -> features -> 3);

    assertThat(models.predict("b", x) + models.predict("c", x)).isEqualTo(5);
    assertThat(Samples.of(registry))
        .containsEntry(
            "predictions_total{model=\"other\",status=\"success\",version=\"other\"}", 2.0)
        .containsEntry("prediction_models_folded_total", 2.0);
  }
}
