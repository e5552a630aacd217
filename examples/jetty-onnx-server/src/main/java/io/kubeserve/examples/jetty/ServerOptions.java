package io.kubeserve.examples.jetty;

import org.jspecify.annotations.Nullable;

/**
 * How the server is set up.
 *
 * @param host the address to listen on
 * @param port the port of the endpoints; 0 is any free one
 * @param metricsPort the port of the scrapes; {@code null} to have them among the endpoints
 * @param instrumentation what is measured
 * @param modelName the name of the model, for clients and {@code model_info}
 * @param modelVersion its version
 * @param threads how many predictions are made at once
 * @param queueCapacity how many more may wait
 * @param maxConnections how many connections a port has at once
 */
record ServerOptions(
    String host,
    int port,
    @Nullable Integer metricsPort,
    Instrumentation instrumentation,
    String modelName,
    String modelVersion,
    int threads,
    int queueCapacity,
    int maxConnections) {
  /** Any free port of this machine, for all there is. */
  static ServerOptions local() {
    return new ServerOptions(
        "127.0.0.1", 0, null, Instrumentation.EVERYTHING, "iris", "1", 2, 100, 1_000);
  }

  ServerOptions withMetricsPort(int other) {
    return new ServerOptions(
        host,
        port,
        other,
        instrumentation,
        modelName,
        modelVersion,
        threads,
        queueCapacity,
        maxConnections);
  }

  ServerOptions with(Instrumentation other) {
    return new ServerOptions(
        host,
        port,
        metricsPort,
        other,
        modelName,
        modelVersion,
        threads,
        queueCapacity,
        maxConnections);
  }

  ServerOptions withQueue(int ofThreads, int ofCapacity) {
    return new ServerOptions(
        host,
        port,
        metricsPort,
        instrumentation,
        modelName,
        modelVersion,
        ofThreads,
        ofCapacity,
        maxConnections);
  }

  ServerOptions withMaxConnections(int other) {
    return new ServerOptions(
        host,
        port,
        metricsPort,
        instrumentation,
        modelName,
        modelVersion,
        threads,
        queueCapacity,
        other);
  }
}
