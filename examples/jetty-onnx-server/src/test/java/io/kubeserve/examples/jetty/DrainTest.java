package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that is told to stop while one prediction is made and two wait. */
class DrainTest extends ServerTest {
  private final Gate gate = new Gate();

  DrainTest() {
    super(ServerOptions.local().withQueue(1, 2));
  }

  @BeforeEach
  void load() throws Exception {
    server.load(gate::model);
  }

  @AfterEach
  void open() {
    gate.open();
  }

  @Test
  void drain_endsWhatWasAccepted_refusesTheRest_andTheLastScrapeHasAll() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      accepted.add(CompletableFuture.supplyAsync(() -> http.predict(Http.ONE_ROW)));
    }
    await().untilAsserted(() -> assertThat(http.metric("predictions_in_flight")).isEqualTo(3));

    CompletableFuture<Void> drained = CompletableFuture.runAsync(this::drain);

    await().until(() -> http.get("/ready").statusCode() == 503);
    assertThat(http.get("/v2/health/ready").statusCode()).isEqualTo(503);
    assertThat(http.get("/health").body()).contains("\"model_loaded\":true");
    await().until(() -> isRefused(http.predict(Http.ONE_ROW)));
    assertThat(isRefused(http.post("/predict/stream", BodyPublishers.ofString(Http.ONE_ROW))))
        .isTrue();
    assertThat(drained).isNotDone();

    gate.open();
    drained.get(60, TimeUnit.SECONDS);
    for (CompletableFuture<HttpResponse<String>> answer : accepted) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(http.successes()).isEqualTo(3);
    assertThat(http.errors()).isEqualTo(http.requests("/predict", "POST", "5xx") + 1);
    assertThat(http.metric("prediction_errors_total{reason=\"rejected\"}"))
        .isEqualTo(http.errors());
    assertThat(http.metric("predictions_in_flight")).isZero();
    assertThat(http.metric("prediction_queue_depth")).isZero();
  }

  private void drain() {
    try {
      server.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isRefused(HttpResponse<String> answer) {
    return answer.statusCode() == 503
        && answer.headers().firstValue("Retry-After").isPresent()
        && Http.detail(answer).startsWith("The server is stopping");
  }
}
