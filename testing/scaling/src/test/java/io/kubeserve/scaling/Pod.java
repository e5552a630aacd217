package io.kubeserve.scaling;

import io.kubeserve.metrics.ManualTicker;
import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionMetricsBuilder;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.http.HttpMetrics;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The metrics of one model server: the library's own, of predictions that are played to it. */
final class Pod {
  private static final int OK = 200;
  private static final int REQUEST_BYTES = 400;
  private static final int RESPONSE_BYTES = 80;
  private static final int MAX_ITEMS = 32;
  private static final double MEDIAN_MILLIS = 20;
  private static final double NANOS_PER_MILLI = 1e6;

  private static final PrometheusRegistry JVM = new PrometheusRegistry();

  static {
    JvmMetrics.builder().register(JVM);
  }

  /** One for all, as there is one JVM; read once for many scrapes, which would take a core. */
  private static volatile MetricSnapshots jvm = JVM.scrape();

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final Shape shape;
  private final PredictionRecorder[] recorders;
  private final HttpMetrics http;
  private final Random random;

  /**
   * Makes a pod that has answered one prediction of each model.
   *
   * @param seed of its latencies
   */
  Pod(Shape shape, long seed) {
    this.shape = shape;
    random = new Random(seed);
    PredictionMetricsBuilder builder =
        PredictionMetrics.builder()
            .registry(registry)
            .ticker(ticker)
            .maxModels(Math.max(1, shape.models()))
            .nativeHistogram(shape.nativeHistogram());
    if (shape.features().contains(Feature.QUANTILE_GAUGES)) {
      builder.quantileGauges(0.5, 0.99);
    }
    PredictionMetrics metrics = builder.build();
    recorders =
        IntStream.range(0, shape.models())
            .mapToObj(model -> metrics.recorder("model-" + model, "1"))
            .toArray(PredictionRecorder[]::new);
    http = HttpMetrics.builder().registry(registry).ticker(ticker).build();
    if (shape.withJvm()) {
      registry.register((MultiCollector) () -> jvm);
    }
    for (PredictionRecorder recorder : recorders) {
      if (shape.features().contains(Feature.LOADS)) {
        recorder.model().load(() -> recorder);
      }
      if (shape.features().contains(Feature.ERRORS)) {
        recorder.record(latency(), Status.ERROR);
      }
    }
    predict(1);
  }

  /** Reads the metrics of the JVM, which every pod shows from then on. */
  static void readJvm() {
    jvm = JVM.scrape();
  }

  PrometheusRegistry registry() {
    return registry;
  }

  /** Plays some predictions of each model, and as many requests of each route. */
  void predict(int predictions) {
    for (int i = 0; i < predictions; i++) {
      for (PredictionRecorder recorder : recorders) {
        predict(recorder);
      }
      for (int route = 0; route < shape.routes(); route++) {
        long start = http.start();
        ticker.advance(latency());
        http.finish(start, "POST", "/route-" + route, OK, REQUEST_BYTES, RESPONSE_BYTES);
      }
    }
  }

  private void predict(PredictionRecorder recorder) {
    if (shape.features().contains(Feature.STREAMS)) {
      try (PredictionStream stream = recorder.startStream()) {
        for (int item = 0; item < 2; item++) {
          ticker.advance(latency());
          stream.item();
        }
        stream.success();
      }
      return;
    }
    try (Prediction prediction = recorder.start()) {
      if (shape.features().contains(Feature.BATCHES)) {
        prediction.batchSize(1 + random.nextInt(MAX_ITEMS));
      }
      if (shape.features().contains(Feature.STAGES)) {
        for (Stage stage :
            List.of(Stage.QUEUE, Stage.PREPROCESS, Stage.INFERENCE, Stage.POSTPROCESS)) {
          ticker.advance(latency());
          prediction.endStage(stage);
        }
      } else {
        ticker.advance(latency());
      }
      prediction.success();
    }
  }

  private Duration latency() {
    return Duration.ofNanos(
        (long) (MEDIAN_MILLIS * Math.exp(random.nextGaussian()) * NANOS_PER_MILLI));
  }

  /** What a scrape of it says. */
  String scrape() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      PrometheusTextFormatWriter.create().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
