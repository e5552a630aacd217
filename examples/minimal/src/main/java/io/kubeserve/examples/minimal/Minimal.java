package io.kubeserve.examples.minimal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** A model that is a function, with its metrics, behind the JDK's own HTTP server. */
public final class Minimal {
  private final PredictionRecorder recorder;

  private Minimal(PredictionRecorder recorder) {
    this.recorder = recorder;
  }

  /** Listens on port 8080, or on another one that is given. */
  public static void main(String... args) throws IOException {
    HttpServer server = start(args.length == 0 ? 8080 : Integer.parseInt(args[0]));
    System.out.printf("http://localhost:%d/metrics%n", server.getAddress().getPort());
  }

  static HttpServer start(int port) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    Minimal minimal = new Minimal(metrics.recorder());

    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
    server.setExecutor(Executors.newFixedThreadPool(8));
    server.createContext("/predict", minimal::answer);
    server.createContext("/metrics", new MetricsHandler(registry));
    server.start();
    return server;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String number = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      double score = recorder.time(() -> predict(Double.parseDouble(number)));
      byte[] body = Double.toString(score).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  /** The model. */
  private static double predict(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
