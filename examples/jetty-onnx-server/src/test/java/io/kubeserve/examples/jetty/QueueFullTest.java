package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One thread that predicts, and a queue for two: the fourth client is refused. */
class QueueFullTest extends ServerTest {
  private final Gate gate = new Gate();

  QueueFullTest() {
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
  void predict_queueIsFull_isToldToComeAgainAndNobodyIsLost() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> accepted = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      accepted.add(CompletableFuture.supplyAsync(() -> http.predict(Http.ONE_ROW)));
      double inFlight = i + 1.0;
      await()
          .untilAsserted(
              () -> assertThat(http.metric("predictions_in_flight")).isEqualTo(inFlight));
    }
    assertThat(http.metric("prediction_queue_depth")).isEqualTo(2);

    HttpResponse<String> refused = http.predict(Http.ONE_ROW);

    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
    assertThat(Http.detail(refused)).startsWith("Too many predictions wait");
    assertThat(http.metric("prediction_errors_total{reason=\"rejected\"}")).isEqualTo(1);

    gate.open();
    for (CompletableFuture<HttpResponse<String>> answer : accepted) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    assertThat(http.metric("prediction_queue_depth")).isZero();
    assertThat(http.metric("predictions_in_flight")).isZero();
    assertThat(http.successes()).isEqualTo(3);
    assertThat(http.errors()).isEqualTo(1);
  }
}
