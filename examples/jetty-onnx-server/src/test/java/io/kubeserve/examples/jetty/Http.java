package io.kubeserve.examples.jetty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A client of one server, and what it reads of its metrics. */
record Http(String url) {
  static final String ONE_ROW = "{\"data\": [[1.0, 2.0, 3.0, 4.0]]}";
  static final String NARROW_ROW = "{\"data\": [[1.0, 2.0]]}";

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
  }

  HttpResponse<String> predict(String body) {
    return post("/predict", BodyPublishers.ofString(body));
  }

  HttpResponse<String> post(String path, BodyPublisher body) {
    return send(
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/json")
            .POST(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return Json.MAPPER.readTree(response.body());
  }

  static String detail(HttpResponse<String> response) {
    return json(response).get("detail").asString();
  }

  /** Scrapes the metrics and returns the value of one series. */
  double metric(String series) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not in the scrape"));
  }

  /** Scrapes how many requests were answered. */
  double requests(String handler, String method, String status) {
    return metric(
        "http_requests_total{handler=\"%s\",method=\"%s\",status=\"%s\"}"
            .formatted(handler, method, status));
  }

  double successes() {
    return metric("predictions_total{status=\"success\"}");
  }

  double errors() {
    return metric("predictions_total{status=\"error\"}");
  }
}
