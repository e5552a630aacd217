package io.kubeserve.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** An HTTP server that is sent the same request again and again, over connections that are kept. */
final class HttpTarget implements Target {
  private final HttpClient client;
  private final HttpRequest request;

  /**
   * Prepares the request.
   *
   * @param task what to ask for
   * @param server the address of the server, without the path
   * @param timeout how long an answer may take
   */
  HttpTarget(Task task, URI server, Duration timeout) {
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .build();
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(server.resolve(task.path())).timeout(timeout);
    String body = task.body();
    this.request =
        body == null
            ? builder.GET().build()
            : builder
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body))
                .build();
  }

  @Override
  public CompletableFuture<Integer> send() {
    return client.sendAsync(request, BodyHandlers.discarding()).thenApply(HttpResponse::statusCode);
  }
}
