package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RawConnection;
import io.kubeserve.testing.RawConnection.Answer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the connections and requests of a server that stops. */
class StopTest extends ServerTest {
  private static final String ONE_ROW = RawConnection.prediction(Http.ONE_ROW);
  private static final String HEALTH = "GET /health HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String TWO_ROWS_STREAMED =
      RawConnection.post("/predict/stream", "{\"data\": [[1, 2, 3, 4], [1, 2, 3, 4]]}");

  /** Less than a connection may be idle while the server does not stop. */
  private static final int LESS_THAN_IDLE_SECONDS = 20;

  private final Gate gate = new Gate();

  StopTest() {
    super(ServerOptions.local().withQueue(1, 2));
  }

  private void loadModelThatWaits() throws Exception {
    server.load(gate::model);
  }

  @AfterEach
  void open() {
    gate.open();
  }

  private CompletableFuture<Void> stopConcurrently() {
    return stopConcurrently(server);
  }

  private static CompletableFuture<Void> stopConcurrently(ModelServer server) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.stop();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** Waits until the server does not listen, and until it has closed a connection that was idle. */
  private void awaitClosed(RawConnection idle) throws Exception {
    assertThat(idle.awaitEnd()).isTrue();
    awaitRefusal();
  }

  /** Waits, since a server of somebody else may get the port as soon as it is free. */
  private void awaitRefusal() {
    await().until(() -> RawConnection.isRefused(http));
  }

  @Test
  void announceStop_isNotReady_andClosesEachConnectionWithAnAnswer() throws Exception {
    gate.open();
    loadModelThatWaits();
    try (RawConnection connection = new RawConnection(http)) {
      assertThat(connection.ask(ONE_ROW).closes()).isFalse();

      server.announceStop();

      Answer last = connection.ask(ONE_ROW);
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.closes()).isTrue();
      assertThat(connection.awaitEnd()).isTrue();
      assertThat(http.get("/ready").statusCode()).isEqualTo(503);
      assertThat(http.get("/v2/models/iris/ready").statusCode()).isEqualTo(503);
      assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      assertThat(http.get("/metrics").headers().firstValue("Connection")).hasValue("close");
    }
  }

  @Test
  void stop_underLoadOfAQueue_answersAllThatWasAccepted() throws Exception {
    loadModelThatWaits();
    try (RawConnection first = new RawConnection(http);
        RawConnection second = new RawConnection(http);
        RawConnection idle = new RawConnection(http)) {
      first.send(ONE_ROW);
      second.send(ONE_ROW);
      await().untilAsserted(() -> assertThat(http.metric("predictions_in_flight")).isEqualTo(2));

      CompletableFuture<Void> stopped = stopConcurrently();
      awaitClosed(idle);
      gate.open();

      assertThat(first.read().status()).isEqualTo(200);
      assertThat(second.read().status()).isEqualTo(200);
      assertThat(first.awaitEnd()).isTrue();
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  /**
   * Immediately, or after a pause that is longer than a connection without a request may be idle.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 2 * Draining.IDLE_MILLIS})
  void stop_halfSentRequest_isAnsweredOnceItIsWhole(int pauseMillis) throws Exception {
    gate.open();
    loadModelThatWaits();
    int half = ONE_ROW.length() - 5;
    try (RawConnection connection = new RawConnection(http);
        RawConnection idle = new RawConnection(http)) {
      connection.send(ONE_ROW.substring(0, half));
      await().pollDelay(pauseMillis, TimeUnit.MILLISECONDS).until(() -> !server.isIdle());

      CompletableFuture<Void> stopped = stopConcurrently();
      awaitClosed(idle);
      connection.send(ONE_ROW.substring(half));

      Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.closes()).isTrue();
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void stop_duringAStream_theStreamEnds() throws Exception {
    loadModelThatWaits();
    try (RawConnection connection = new RawConnection(http);
        RawConnection idle = new RawConnection(http)) {
      connection.send(TWO_ROWS_STREAMED);
      await().untilAsserted(() -> assertThat(http.metric("predictions_in_flight")).isEqualTo(1));

      CompletableFuture<Void> stopped = stopConcurrently();
      awaitClosed(idle);
      gate.open();

      assertThat(connection.read().body())
          .isEqualTo("{\"predictions\":[7]}\n{\"predictions\":[7]}\n");
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void stop_whileTheModelLoads_refusesWithJsonAndRetryAfter() throws Exception {
    try (RawConnection connection = new RawConnection(http)) {
      int half = ONE_ROW.length() - 5;
      connection.send(ONE_ROW.substring(0, half));
      await().until(() -> !server.isIdle());

      CompletableFuture<Void> stopped = stopConcurrently();
      connection.send(ONE_ROW.substring(half));

      Answer answer = connection.read();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.headers()).containsEntry("retry-after", "1");
      assertThat(answer.body()).startsWith("{\"detail\":\"The model is not loaded yet");
      stopped.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void stop_predictionsThatDoNotEndInTime_refusesWhatStillWaits() throws Exception {
    ModelServer hasty = new ModelServer(ServerOptions.local().withQueue(1, 2), 1, 60_000);
    hasty.start();
    http = new Http(hasty.url());
    hasty.load(gate::model);
    try (RawConnection first = new RawConnection(http);
        RawConnection second = new RawConnection(http)) {
      first.send(ONE_ROW);
      await().untilAsserted(() -> assertThat(http.metric("predictions_in_flight")).isEqualTo(1));
      second.send(ONE_ROW);
      await().untilAsserted(() -> assertThat(http.metric("prediction_queue_depth")).isEqualTo(1));

      hasty.stop();

      Answer refused = second.read();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.headers()).containsEntry("retry-after", "1");
      assertThat(refused.body()).isEqualTo("{\"detail\":\"The server is stopping: ask another\"}");
    }
  }

  /** Jetty gives connections their idle time back as soon as one of too many has gone. */
  @Test
  void stop_asManyIdleConnectionsAsThereMayBe_doesNotWaitForThem() throws Exception {
    ModelServer full =
        new ModelServer(ServerOptions.local().withMaxConnections(3), 600_000, 600_000);
    full.start();
    http = new Http(full.url());
    try (RawConnection longest = new RawConnection(http)) {
      assertThat(longest.ask(HEALTH).status()).isEqualTo(200);
      await().pollDelay(Draining.IDLE_MILLIS, TimeUnit.MILLISECONDS).until(full::isIdle);
      try (RawConnection second = new RawConnection(http);
          RawConnection third = new RawConnection(http)) {
        assertThat(second.ask(HEALTH).status()).isEqualTo(200);
        assertThat(third.ask(HEALTH).status()).isEqualTo(200);

        stopConcurrently(full).get(LESS_THAN_IDLE_SECONDS, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void load_thatEndsAfterTheStopWasAnnounced_doesNotMakeItReady() throws Exception {
    server.announceStop();

    server.load(OnnxModel::loadBundled);

    assertThat(http.get("/ready").statusCode()).isEqualTo(503);
  }

  @Test
  void stop_twice_isOnce() throws Exception {
    server.load(OnnxModel::loadBundled);

    server.stop();
    server.stop();

    awaitRefusal();
  }

  /** What Jetty refuses before there is a servlet to ask. */
  @Test
  void request_thatJettyRefuses_isAnsweredInJson() throws Exception {
    try (RawConnection connection = new RawConnection(http)) {
      Answer answer = connection.ask("GET /v2/%2e%2e%2fhealth HTTP/1.1\r\nHost: a\r\n\r\n");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers()).containsEntry("content-type", "application/json");
      assertThat(answer.body()).isEqualTo("{\"error\":\"Bad Request\"}");
    }
    try (RawConnection connection = new RawConnection(http)) {
      Answer answer = connection.ask("GET /health HTTP/1.1\r\nContent-Length: x\r\n\r\n");

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).isEqualTo("{\"detail\":\"Bad Request\"}");
    }
  }
}
