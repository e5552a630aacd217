package io.kubeserve.benchmarks;

import io.kubeserve.metrics.Prediction;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jol.info.GraphLayout;

/**
 * The bytes that one more model keeps, found by walking the graph of objects before and after a
 * number of them were added.
 *
 * <p>Usage: {@code Footprint MODELS PREDICTIONS}: how many are added, and how many predictions each
 * of them makes. Writes a line of a table for each case: its name, and the bytes.
 */
public final class Footprint {
  private static final List<Stage> STAGES =
      List.of(Stage.QUEUE, Stage.PREPROCESS, Stage.INFERENCE, Stage.POSTPROCESS);

  private static final Pattern ROW = Pattern.compile("\"(.*)\",(\\d+)");
  private static final int VIRTUAL_THREADS = 100_000;

  /** One in this many predictions fails, with each reason. */
  private static final int FAILING = 100;

  private static final ThreadLocal<long[]> NANOS = ThreadLocal.withInitial(() -> new long[1]);

  private final int models;
  private final int predictions;

  private Footprint(int models, int predictions) {
    this.models = models;
    this.predictions = predictions;
  }

  /** Makes a model that latencies can be recorded in. */
  private interface Models {
    LongConsumer add(int model);
  }

  /** Who makes the predictions of one model. */
  private interface Load {
    void run(LongConsumer latency) throws ExecutionException, InterruptedException;
  }

  /**
   * Measures every case.
   *
   * @param args the number of models and of predictions
   * @throws ExecutionException if a prediction fails
   * @throws InterruptedException if interrupted
   */
  public static void main(String... args) throws ExecutionException, InterruptedException {
    // JOL asks for it where it meets a lambda, whose fields it cannot look up otherwise.
    System.setProperty("jol.magicFieldOffset", "true");
    new Footprint(Integer.parseInt(args[0]), Integer.parseInt(args[1])).measure();
  }

  /**
   * Measures every case in a JVM of its own.
   *
   * @param processors the number of processors that the JVM reports
   * @param models how many models are added
   * @param predictions how many each of them makes
   * @return bytes of one more model, by the name of the case
   * @throws IOException if the JVM cannot be started
   * @throws InterruptedException if interrupted
   */
  static Map<String, Long> measure(int processors, int models, int predictions)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:ActiveProcessorCount=" + processors,
                "-Xmx1g", // with references of 4 bytes, whatever the machine has
                "-cp",
                System.getProperty("java.class.path"),
                Footprint.class.getName(),
                Integer.toString(models),
                Integer.toString(predictions))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    Map<String, Long> bytes = new LinkedHashMap<>();
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher row = ROW.matcher(line); // and not a warning of JOL's
        if (row.matches()) {
          bytes.put(row.group(1), Long.parseLong(row.group(2)));
        }
      }
    }
    if (process.waitFor() != 0) {
      throw new IOException("The JVM ended with " + process.exitValue() + ", after " + bytes);
    }
    return bytes;
  }

  private void measure() throws ExecutionException, InterruptedException {
    ours("ours, idle", false, latency -> {});
    ours("ours, one thread", false, threads(1));
    ours("ours, 64 threads", false, threads(64));
    ours("ours, 64 threads, four stages and two reasons", true, threads(64));
    if (Runtime.version().feature() >= 21) {
      ours("ours, 100,000 virtual threads", false, this::virtualThreads);
    }
    clientJava("client_java classic, idle", true, latency -> {});
    clientJava("client_java classic, 64 threads", true, threads(64));
    clientJava("client_java default, idle", false, latency -> {});
    clientJava("client_java default, 64 threads", false, threads(64));
  }

  private void ours(String name, boolean stages, Load load)
      throws ExecutionException, InterruptedException {
    PredictionMetrics metrics =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .ticker(() -> NANOS.get()[0])
            .maxModels(models + 1)
            .build();
    perModel(
        name,
        metrics,
        load,
        model -> {
          PredictionRecorder recorder = metrics.recorder("m" + model, "1");
          return stages
              ? nanos -> predictInStages(recorder, nanos)
              : nanos -> recorder.record(Duration.ofNanos(nanos), Status.SUCCESS);
        });
  }

  private static void predictInStages(PredictionRecorder recorder, long nanos) {
    long[] clock = NANOS.get();
    try (Prediction prediction = recorder.start()) {
      for (Stage stage : STAGES) {
        clock[0] += nanos / STAGES.size();
        prediction.endStage(stage);
      }
      switch ((int) (nanos % FAILING)) {
        case 0 -> prediction.error(ErrorReason.TIMEOUT);
        case 1 -> prediction.error(ErrorReason.INVALID_INPUT);
        default -> prediction.success();
      }
    }
  }

  private void clientJava(String name, boolean classic, Load load)
      throws ExecutionException, InterruptedException {
    PrometheusRegistry registry = new PrometheusRegistry();
    Histogram.Builder histogramBuilder = ClientJava.histogram().labelNames("model", "version");
    Counter.Builder counterBuilder = ClientJava.counter().labelNames("model", "version", "status");
    if (classic) {
      histogramBuilder.classicOnly().withoutExemplars();
      counterBuilder.withoutExemplars();
    }
    Histogram histogram = histogramBuilder.register(registry);
    Counter counter = counterBuilder.register(registry);
    perModel(
        name,
        registry,
        load,
        model -> {
          DistributionDataPoint latency = histogram.labelValues("m" + model, "1");
          CounterDataPoint successes = counter.labelValues("m" + model, "1", "success");
          counter.labelValues("m" + model, "1", "error");
          return nanos -> {
            latency.observe(nanos / Latencies.NANOS_PER_MILLI);
            successes.inc();
          };
        });
  }

  private void perModel(String name, Object root, Load load, Models added)
      throws ExecutionException, InterruptedException {
    // The first one pays for what all share, and for threads' probes.
    load.run(added.add(0));
    long before = GraphLayout.parseInstance(root).totalSize();
    for (int model = 1; model <= models; model++) {
      load.run(added.add(model));
    }
    long bytes = (GraphLayout.parseInstance(root).totalSize() - before) / models;
    System.out.printf("\"%s\",%d%n", name, bytes);
  }

  private Load threads(int count) {
    return latency -> {
      Runnable body =
          () -> {
            Latencies latencies = new Latencies();
            for (int i = 0; i < predictions / count; i++) {
              latency.accept(latencies.nextNanos());
            }
          };
      ExecutorService executor = Executors.newFixedThreadPool(count);
      run(executor, count, body);
    };
  }

  private void virtualThreads(LongConsumer latency)
      throws ExecutionException, InterruptedException {
    Latencies latencies = new Latencies();
    try {
      ExecutorService executor = virtualThreadPerTask();
      run(executor, VIRTUAL_THREADS, () -> latency.accept(latencies.nextNanos()));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the executor by reflection, since these classes are compiled for Java 17. */
  static ExecutorService virtualThreadPerTask() throws ReflectiveOperationException {
    return (ExecutorService)
        Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
  }

  private static void run(ExecutorService executor, int times, Runnable body)
      throws ExecutionException, InterruptedException {
    try {
      List<Future<?>> ends = new ArrayList<>(times);
      for (int i = 0; i < times; i++) {
        ends.add(executor.submit(body));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      executor.shutdown();
    }
  }
}
