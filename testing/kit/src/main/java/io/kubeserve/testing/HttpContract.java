package io.kubeserve.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.function.Predicate;

/** The requests of the HTTP contract, and the scrape that the Python side answered after them. */
public final class HttpContract {
  /** How many requests {@link #sendRequests} sends. */
  public static final int REQUESTS = 12;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private HttpContract() {}

  /**
   * Sends them in their order, to an application that has the routes of the contract.
   *
   * @throws AssertionError if an answer is not that of the contract
   */
  public static void sendRequests(String url) {
    expect(200, "GET", url + "/items/1");
    expect(422, "GET", url + "/items/abc");
    expect(404, "GET", url + "/nope");
    expect(404, "GET", url + "/nope/2");
    expect(405, "POST", url + "/items/1");
    expect(500, "GET", url + "/boom");
    expect(200, "GET", url + "/stream");
    expect(200, "POST", url + "/v1/models/m:predict", "1234567");
    expect(405, "HEAD", url + "/items/1");
    expect(405, "OPTIONS", url + "/items/1");
    expect(405, "FOO", url + "/items/1");
    expect(307, "GET", url + "/items/1/");
  }

  private static void expect(int status, String method, String url) {
    expect(status, method, url, "");
  }

  private static void expect(int status, String method, String url, String body) {
    int answered =
        send(HttpRequest.newBuilder(URI.create(url))
                .method(
                    method,
                    body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)))
            .statusCode();
    if (answered != status) {
      throw new AssertionError(
          "%s %s answered %d, not %d".formatted(method, url, answered, status));
    }
  }

  /** Gets the text of a scrape. */
  public static String scrape(String url) {
    return send(HttpRequest.newBuilder(URI.create(url))).body();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The families of the Python side, but for the one rule that is broken on purpose. */
  public static ParsedScrape python() {
    try (InputStream in =
        HttpContract.class.getResourceAsStream("/contract/instrumentator-8.0.2-scrape.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return ParsedScrape.parse(text.replace("\"FOO\"", "\"_OTHER\""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Durations, and the size of the first scrape: no two servers have the same. */
  public static Predicate<ParsedScrape.Sample> differing() {
    return sample ->
        sample.name().endsWith("_seconds_sum")
            || (sample.name().equals("http_response_size_bytes_sum")
                && "/metrics".equals(sample.labels().get("handler")));
  }
}
