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

/** A model that is a function, with its metrics, behind the JDK's own HTTP server. */
public final class Minimal {
  private Minimal() {}

  /** Listens on port 8080, or on another one that is given. */
  public static void main(String... args) throws IOException {
    HttpServer server = start(args.length == 0 ? 8080 : Integer.parseInt(args[0]));
    System.out.printf("http://localhost:%d/metrics%n", server.getAddress().getPort());
  }

  static HttpServer start(int port) throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    HttpServer server = HttpServer.create(new InetSocketAddress("localhost", port), 0);
    server.createContext("/metrics", new MetricsHandler(registry));
    // @start region="minimal"
    // once, at start-up
    PredictionMetrics metrics = PredictionMetrics.builder().registry(registry).build();
    PredictionRecorder recorder = metrics.recorder();

    // for every prediction: returns what predict returns, throws what predict throws
    server.createContext(
        "/predict",
        exchange -> {
          try {
            answer(exchange, 200, recorder.time(() -> predict(exchange)));
          } catch (NumberFormatException e) {
            answer(exchange, 400, e.getMessage());
          }
        });
    // @end
    server.start();
    return server;
  }

  /** The model: the logistic function of the number that was sent. */
  private static double predict(HttpExchange exchange) throws IOException {
    String number = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    return 1 / (1 + Math.exp(-Double.parseDouble(number)));
  }

  private static void answer(HttpExchange exchange, int status, Object text) throws IOException {
    byte[] body = String.valueOf(text).getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
