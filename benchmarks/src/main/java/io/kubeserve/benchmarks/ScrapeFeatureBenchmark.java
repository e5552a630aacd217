package io.kubeserve.benchmarks;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionMetricsBuilder;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusProtobufWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One scrape of a hundred models that tell one thing more than latency and outcome. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Benchmark)
public class ScrapeFeatureBenchmark {
  private static final int MODELS = 100;
  private static final int PREDICTIONS = 100;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final Latencies latencies = new Latencies();
  private ExpositionFormatWriter writer = PrometheusTextFormatWriter.create();

  /** What the models tell. */
  @Param({
    "none",
    "errors",
    "stages",
    "stagesAndErrors",
    "batches",
    "streams",
    "quantiles",
    "protobuf",
    "native"
  })
  private String feature = "";

  /** Fills the registry. */
  @Setup
  public void fill() {
    PredictionMetricsBuilder builder =
        PredictionMetrics.builder().registry(registry).maxModels(MODELS);
    switch (feature) {
      case "quantiles" -> builder.quantileGauges(0.5, 0.99);
      case "protobuf" -> writer = new PrometheusProtobufWriter();
      case "native" -> {
        builder.nativeHistogram(true);
        writer = new PrometheusProtobufWriter();
      }
      default -> {}
    }
    PredictionMetrics metrics = builder.build();
    for (int model = 0; model < MODELS; model++) {
      PredictionRecorder recorder = metrics.recorder("m" + model, "1");
      for (int i = 0; i < PREDICTIONS; i++) {
        recorder.record(Duration.ofNanos(latencies.nextNanos()), Status.SUCCESS);
        tell(recorder);
      }
    }
  }

  private void tell(PredictionRecorder recorder) {
    switch (feature) {
      case "errors" -> recorder.record(Duration.ofNanos(1), Status.ERROR);
      case "stages" -> predictInStages(recorder);
      case "stagesAndErrors" -> {
        predictInStages(recorder);
        recorder.recordError(Duration.ofNanos(latencies.nextNanos()), ErrorReason.TIMEOUT);
        recorder.recordError(Duration.ofNanos(latencies.nextNanos()), ErrorReason.INVALID_INPUT);
      }
      case "batches" ->
          recorder.timeStages(
              prediction -> {
                prediction.batchSize(10);
                return recorder;
              });
      case "streams" -> {
        try (PredictionStream stream = recorder.startStream()) {
          stream.item();
          stream.item();
          stream.success();
        }
      }
      default -> {}
    }
  }

  private static void predictInStages(PredictionRecorder recorder) {
    try (Prediction prediction = recorder.start()) {
      for (Stage stage :
          List.of(Stage.QUEUE, Stage.PREPROCESS, Stage.INFERENCE, Stage.POSTPROCESS)) {
        prediction.endStage(stage);
      }
      prediction.success();
    }
  }

  /** Collects and writes. */
  @Benchmark
  public void scrape() throws IOException {
    writer.write(OutputStream.nullOutputStream(), registry.scrape());
  }
}
