package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: starts the server, loads the model, and stops on SIGTERM. */
@Command(
    name = "jetty-onnx-server",
    description = "Serves an ONNX model over HTTP, with Prometheus metrics.",
    mixinStandardHelpOptions = true,
    showDefaultValues = true)
final class Main implements Callable<Integer> {
  private static final int MAX_PORT = 65_535;

  @Option(
      names = "--host",
      defaultValue = "${env:KUBESERVE_HOST:-127.0.0.1}",
      description = "Address to listen on; 0.0.0.0 is every one. Or KUBESERVE_HOST.")
  private String host = "";

  @Option(
      names = "--port",
      defaultValue = "${env:KUBESERVE_PORT:-8080}",
      description = "Port to listen on; 0 is any free one. Or KUBESERVE_PORT.")
  private int port;

  @Option(
      names = "--metrics-port",
      defaultValue = "${env:KUBESERVE_METRICS_PORT}",
      description =
          "Port for /metrics alone; by default it is among the endpoints. Or KUBESERVE_METRICS_PORT.")
  private @Nullable Integer metricsPort;

  @Option(
      names = "--max-connections",
      defaultValue = "1000",
      description = "Connections of a port at once; further ones wait until others are idle.")
  private int maxConnections;

  @Option(
      names = "--no-http-metrics",
      description = "Measure predictions alone, not every request.")
  private boolean withoutHttpMetrics;

  @Option(names = "--no-metrics", description = "Measure nothing, to see what measuring costs.")
  private boolean withoutMetrics;

  @Option(
      names = "--model",
      defaultValue = "${env:KUBESERVE_MODEL}",
      description = "ONNX file; by default the Iris classifier in the jar. Or KUBESERVE_MODEL.")
  private @Nullable Path modelFile;

  @Option(
      names = "--model-name",
      defaultValue = "${env:KUBESERVE_MODEL_NAME:-iris}",
      description = "Name of the model in /v2 and model_info. Or KUBESERVE_MODEL_NAME.")
  private String modelName = "";

  @Option(
      names = "--model-version",
      defaultValue = "${env:KUBESERVE_MODEL_VERSION:-1}",
      description = "Its version. Or KUBESERVE_MODEL_VERSION.")
  private String modelVersion = "";

  @Option(
      names = "--threads",
      defaultValue = "4",
      description = "Predictions that are made at once; as many as there are cores is best.")
  private int threads;

  @Option(
      names = "--queue",
      defaultValue = "100",
      description = "Predictions that may wait; further ones are answered 503.")
  private int queue;

  @Option(
      names = "--add-latency",
      paramLabel = "MILLIS",
      defaultValue = "0",
      description = "Makes every prediction take so much longer, to try dashboards and alerts.")
  private int addedLatencyMillis;

  @Option(
      names = "--linger",
      paramLabel = "SECONDS",
      defaultValue = "${env:KUBESERVE_LINGER:-0}",
      description =
          "After the last prediction on SIGTERM, how long scrapes are still answered; longer than"
              + " their interval loses no count. Or KUBESERVE_LINGER.")
  private int lingerSeconds;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "${env:KUBESERVE_DRAIN:-5}",
      description =
          "On SIGTERM, how long the server is not ready and still answers, closing each connection;"
              + " longer than a load balancer needs to see it loses no request. Or KUBESERVE_DRAIN.")
  private int drainSeconds;

  @Spec private CommandSpec spec = CommandSpec.create(); // picocli puts the real one here

  private Main() {}

  /**
   * Runs the server until it is told to stop.
   *
   * @param args the options
   */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main());
  }

  @Override
  public Integer call() throws Exception {
    checkOptions();
    ModelServer server = new ModelServer(options());
    // Before anything can be asked: who asks while the model is loaded is answered to the end, too.
    Termination termination =
        Termination.onSignal(new Shutdown(server, drainSeconds, lingerSeconds));
    try {
      start(server);
    } catch (ParameterException e) {
      termination.close();
      throw e;
    }
    printUrls(server.url(), server.metricsUrl());
    Thread.currentThread().join(); // until a signal ends the process
    return CommandLine.ExitCode.OK;
  }

  private void start(ModelServer server) throws Exception {
    try {
      server.start();
    } catch (IOException e) {
      throw refused("Cannot listen on %s: %s".formatted(host, e.getMessage()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Listening on %s%n", server.url());
    out.flush();
    load(server);
  }

  private void load(ModelServer server) throws Exception {
    try {
      server.load(this::openModel);
    } catch (IOException | OrtException | IllegalArgumentException e) {
      server.stop();
      throw refused("Cannot load the model: " + e.getMessage());
    } catch (LinkageError e) {
      server.stop();
      throw refused("Cannot load ONNX Runtime, which needs a writable /tmp: " + rootCause(e));
    }
  }

  private ServerOptions options() {
    return new ServerOptions(
        host,
        port,
        metricsPort,
        instrumentation(),
        modelName,
        modelVersion,
        threads,
        queue,
        maxConnections);
  }

  private Instrumentation instrumentation() {
    if (withoutMetrics) {
      return Instrumentation.NOTHING;
    }
    return withoutHttpMetrics ? Instrumentation.PREDICTIONS : Instrumentation.EVERYTHING;
  }

  private Model openModel() throws IOException, OrtException {
    Model model = modelFile == null ? OnnxModel.loadBundled() : OnnxModel.load(modelFile);
    return addedLatencyMillis > 0
        ? new SlowedModel(model, Duration.ofMillis(addedLatencyMillis))
        : model;
  }

  private void checkOptions() {
    checkPort("--port", port);
    if (metricsPort != null) {
      checkPort("--metrics-port", metricsPort);
    }
    if (host.isBlank()) {
      throw refused("--host must not be blank: use 127.0.0.1, or 0.0.0.0 for every address");
    }
    if (modelName.isBlank() || modelVersion.isBlank()) {
      throw refused("--model-name and --model-version must not be blank");
    }
    if (threads < 1 || queue < 1) {
      throw refused(
          "--threads and --queue must be at least 1, but are %d and %d".formatted(threads, queue));
    }
    if (maxConnections < 1) {
      throw refused("--max-connections must be at least 1, but is " + maxConnections);
    }
    if (addedLatencyMillis < 0) {
      throw refused("--add-latency must not be negative, but is " + addedLatencyMillis);
    }
    if (lingerSeconds < 0 || drainSeconds < 0) {
      throw refused(
          "--drain and --linger must not be negative, but are %d and %d"
              .formatted(drainSeconds, lingerSeconds));
    }
    if (modelFile != null && !Files.isReadable(modelFile)) {
      throw refused("--model: there is no readable file %s".formatted(modelFile));
    }
  }

  private void checkPort(String option, int value) {
    if (value < 0 || value > MAX_PORT) {
      throw refused("%s must be from 0 to %d, not %d".formatted(option, MAX_PORT, value));
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static Throwable rootCause(Throwable e) {
    Throwable cause = e.getCause();
    return cause == null ? e : rootCause(cause);
  }

  private void printUrls(String url, String metricsUrl) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf("Serving %s on %s%n", modelFile == null ? "the Iris classifier" : modelFile, url);
    out.printf("  live     %s/live%n", metricsUrl);
    out.printf("  metrics  %s/metrics%n", metricsUrl);
    out.printf("  health   %s/health, %s/ready%n", url, url);
    out.printf(
        "  predict  curl -X POST %s/predict -H 'Content-Type: application/json'"
            + " -d '{\"data\": [[1.0, 2.0, 3.0, 4.0]]}'%n",
        url);
    out.flush();
  }
}
