package io.kubeserve.testing;

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
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of one server, and what it reads of its metrics.
 *
 * @param url the server's, without a path
 */
public record Http(String url) {
  /** A request that the Iris classifier answers. */
  public static final String ONE_ROW = "{\"data\": [[1.0, 2.0, 3.0, 4.0]]}";

  /** A request that it refuses: the row has too few columns. */
  public static final String NARROW_ROW = "{\"data\": [[1.0, 2.0]]}";

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** Gets a path. */
  public HttpResponse<String> get(String path) {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
  }

  /** Asks for a prediction. */
  public HttpResponse<String> predict(String body) {
    return post("/predict", BodyPublishers.ofString(body));
  }

  /** Posts JSON to a path. */
  public HttpResponse<String> post(String path, BodyPublisher body) {
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

  /** Reads a body as JSON. */
  public static JsonNode json(HttpResponse<String> response) {
    return MAPPER.readTree(response.body());
  }

  /** Reads what the server says is wrong. */
  public static String detail(HttpResponse<String> response) {
    return json(response).get("detail").asString();
  }

  /** Scrapes the metrics and returns the value of one series. */
  public double metric(String series) {
    return get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith(series + ' '))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError(series + " is not in the scrape"));
  }

  /** Scrapes how many requests were answered. */
  public double requests(String handler, String method, String status) {
    return metric(
        "http_requests_total{handler=\"%s\",method=\"%s\",status=\"%s\"}"
            .formatted(handler, method, status));
  }

  /** Scrapes how many predictions succeeded. */
  public double successes() {
    return metric("predictions_total{status=\"success\"}");
  }

  /** Scrapes how many predictions failed. */
  public double errors() {
    return metric("predictions_total{status=\"error\"}");
  }
}
