package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PredictionRecorderTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();

  private Scrape scrape() {
    return Scrape.of(registry);
  }

  private void assertCounts(int successes, int errors, int inFlight) {
    Scrape scrape = scrape();
    assertThat(scrape.successes()).as("successes").isEqualTo(successes);
    assertThat(scrape.errors()).as("errors").isEqualTo(errors);
    assertThat(scrape.inFlight()).as("in flight").isEqualTo(inFlight);
    assertThat(scrape.count()).as("count").isEqualTo(successes + errors);
    assertThat(scrape.bucket("+Inf")).as("+Inf").isEqualTo(successes + errors);
  }

  @Nested
  class Time {
    @Test
    void time_returns_resultAndLatencyOfOneSuccess() {
      String result =
          recorder.time(
              () -> {
                ticker.advance(Duration.ofMillis(50));
                assertThat(scrape().inFlight()).isEqualTo(1);
                return "label";
              });

      assertThat(result).isEqualTo("label");
      assertCounts(1, 0, 0);
      assertThat(scrape().sumMillis()).isEqualTo(50);
      assertThat(scrape().bucket("10.0")).isZero();
      assertThat(scrape().bucket("50.0")).isEqualTo(1);
    }

    @Test
    void time_checkedException_rethrownUnchanged() {
      IOException failure = new IOException("no model");

      assertThatThrownBy(() -> recorder.time(() -> fail(failure))).isSameAs(failure);
      assertCounts(0, 1, 0);
    }

    @Test
    void time_checkedException_isOfTheCallersType() {
      // Compiles only if the type of the exception comes through.
      try {
        recorder.time(() -> fail(new IOException("no model")));
      } catch (IOException expected) {
        assertCounts(0, 1, 0);
        return;
      }
      throw new AssertionError("nothing was thrown");
    }

    @Test
    void time_error_countedAndRethrown() {
      StackOverflowError failure = new StackOverflowError();

      assertThatThrownBy(
              () ->
                  recorder.time(
                      () -> {
                        ticker.advance(Duration.ofMillis(7));
                        throw failure;
                      }))
          .isSameAs(failure);
      assertCounts(0, 1, 0);
      assertThat(scrape().sumMillis()).isEqualTo(7);
    }

    @Test
    void time_null_isASuccess() {
      assertThat(recorder.<@Nullable String, RuntimeException>time(() -> null)).isNull();
      assertCounts(1, 0, 0);
    }

    @Test
    void time_interrupted_keepsTheInterrupt() {
      boolean interrupted;
      try {
        recorder.run(() -> Thread.currentThread().interrupt());
      } finally {
        interrupted = Thread.interrupted();
      }
      assertThat(interrupted).isTrue();
    }

    @Test
    void time_interruptedException_rethrownUnchanged() {
      InterruptedException failure = new InterruptedException();

      assertThatThrownBy(
              () ->
                  recorder.run(
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
      assertCounts(0, 1, 0);
    }

    @Test
    void time_nested_countsBoth() {
      assertThat(recorder.<Integer, RuntimeException>time(() -> recorder.time(() -> 1)))
          .isEqualTo(1);
      assertCounts(2, 0, 0);
    }

    @Test
    void time_overloadedMethodReference_compiles() {
      assertThat(recorder.<String, RuntimeException>time(this::overloaded)).isEqualTo("none");
    }

    private String overloaded() {
      return "none";
    }

    @SuppressWarnings("unused") // makes the method reference above an overloaded one
    private String overloaded(String argument) {
      return argument;
    }

    private static Object fail(IOException failure) throws IOException {
      throw failure;
    }
  }

  @Nested
  class TimeAsync {
    private final CompletableFuture<String> stage = new CompletableFuture<>();

    @Test
    void timeAsync_inFlightUntilTheStageCompletes() {
      CompletableFuture<String> returned = recorder.timeAsync(() -> stage);

      assertCounts(0, 0, 1);
      ticker.advance(Duration.ofMillis(120));
      stage.complete("label");
      assertThat(returned).isCompletedWithValue("label");
      assertCounts(1, 0, 0);
      assertThat(scrape().sumMillis()).isEqualTo(120);
    }

    @Test
    void timeAsync_cancelled_isOneError() {
      recorder.timeAsync(() -> stage).cancel(true);
      stage.cancel(true);

      assertThatThrownBy(stage::join).isInstanceOf(CancellationException.class);
      assertCounts(0, 1, 0);
    }

    @Test
    void timeAsync_timedOut_isOneError() {
      recorder.timeAsync(() -> stage.orTimeout(1, TimeUnit.NANOSECONDS));

      assertThatThrownBy(stage::join).hasCauseInstanceOf(TimeoutException.class);
      // Who waits for the stage may be woken before its callbacks have run.
      await().untilAsserted(() -> assertCounts(0, 1, 0));
    }

    @Test
    void timeAsync_dependentStageFails_isOneError() {
      CompletableFuture<String> dependent =
          recorder.timeAsync(
              () ->
                  stage.thenApply(
                      label -> {
                        throw new IllegalStateException("no model");
                      }));
      stage.complete("label");

      assertThatThrownBy(dependent::join).isInstanceOf(CompletionException.class);
      assertCounts(0, 1, 0);
    }

    @Test
    void timeAsync_completedBefore_isCountedAtOnce() {
      stage.complete("label");

      recorder.timeAsync(() -> stage);

      assertCounts(1, 0, 0);
    }

    @Test
    void timeAsync_callThrows_rethrownUnchanged() {
      IOException failure = new IOException("no model");

      assertThatThrownBy(
              () ->
                  recorder.<CompletionStage<String>, IOException>timeAsync(
                      () -> {
                        throw failure;
                      }))
          .isSameAs(failure);
      assertCounts(0, 1, 0);
    }

    @Test
    void timeAsync_nullStage_handedBackAndAnError() {
      CompletableFuture<String> none =
          recorder.<@Nullable CompletableFuture<String>, RuntimeException>timeAsync(() -> null);

      assertThat(none).isNull();
      assertCounts(0, 1, 0);
    }

    @Test
    void timeAsync_stageRefusesCallbacks_handedBackAndAnError() {
      CompletableFuture<String> refusing =
          new CompletableFuture<>() {
            @Override
            public CompletableFuture<String> whenComplete(
                BiConsumer<? super String, ? super Throwable> action) {
              throw new UnsupportedOperationException();
            }
          };

      assertThat(recorder.timeAsync(() -> refusing)).isSameAs(refusing);
      assertCounts(0, 1, 0);
    }
  }

  @Nested
  class Start {
    @Test
    void start_success_countedOnClose() {
      Prediction prediction = recorder.start();
      ticker.advance(Duration.ofMillis(30));
      prediction.success();
      assertCounts(0, 0, 1);
      prediction.close();

      assertCounts(1, 0, 0);
      assertThat(scrape().sumMillis()).isEqualTo(30);
    }

    @Test
    void start_closedTwice_countedOnce() {
      Prediction prediction = recorder.start();
      prediction.success();
      prediction.close();
      prediction.error();
      prediction.close();

      assertCounts(1, 0, 0);
    }

    @Test
    void start_neverDecided_isAnError() {
      assertThatThrownBy(
              () -> {
                try (Prediction prediction = recorder.start()) {
                  assertThat(prediction).isNotNull();
                  throw new IOException("no model");
                }
              })
          .isInstanceOf(IOException.class);
      assertCounts(0, 1, 0);
    }

    @Test
    void start_decidedTwice_firstStands() {
      try (Prediction prediction = recorder.start()) {
        prediction.error();
        prediction.success();
      }
      assertCounts(0, 1, 0);
    }

    @Test
    void start_closedByManyThreads_countedOnce() throws Exception {
      int rounds = 1000;
      for (int round = 0; round < rounds; round++) {
        Prediction prediction = recorder.start();
        prediction.success();
        Thread other = new Thread(prediction::close);
        other.start();
        prediction.close();
        other.join();
      }
      assertCounts(rounds, 0, 0);
    }
  }

  @Nested
  class TimedElsewhere {
    @Test
    void record_everyStatus_neverInFlight() {
      recorder.record(Duration.ofMillis(3), Status.SUCCESS);
      recorder.record(Duration.ofMillis(4), Status.ERROR);
      recorder.record(Duration.ofMillis(5), Status.SUCCESS);

      assertCounts(2, 1, 0);
      assertThat(scrape().sumMillis()).isEqualTo(12);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void record_negative_countsAsZero(long seconds) {
      recorder.record(Duration.ofSeconds(seconds), Status.SUCCESS);

      assertCounts(1, 0, 0);
      assertThat(scrape().sumMillis()).isZero();
      assertThat(scrape().bucket("10.0")).isEqualTo(1);
    }

    @Test
    void record_tooLong_countsAsTheLongest() {
      recorder.record(Duration.ofSeconds(Long.MAX_VALUE), Status.SUCCESS);
      recorder.record(Duration.ofNanos(Long.MAX_VALUE), Status.SUCCESS);

      assertCounts(2, 0, 0);
      assertThat(scrape().sumMillis()).isEqualTo(2 * (double) (1L << 53) / 1e6);
      assertThat(scrape().bucket("5000.0")).isZero();
    }

    @Test
    @SuppressWarnings("NullAway") // callers without null checks must not get an exception
    void record_null_neverThrows() {
      recorder.record(null, null);
      recorder.recordError(null, null);
      try (Prediction prediction = recorder.start()) {
        prediction.error((ErrorReason) null);
      }

      assertCounts(0, 3, 0);
    }
  }

  @Test
  void ticker_throws_predictionIsCountedAndReturned() {
    PrometheusRegistry other = new PrometheusRegistry();
    PredictionRecorder broken =
        PredictionMetrics.builder()
            .registry(other)
            .ticker(
                () -> {
                  throw new IllegalStateException("no clock");
                })
            .build()
            .recorder();

    assertThat(broken.<Integer, RuntimeException>time(() -> 1)).isEqualTo(1);
    assertThat(Scrape.of(other).successes()).isEqualTo(1);
    assertThat(Scrape.of(other).sumMillis()).isZero();
  }

  @Test
  void ticker_runsBackwards_latencyIsZero() {
    recorder.run(() -> ticker.advance(Duration.ofMillis(-5)));

    assertCounts(1, 0, 0);
    assertThat(scrape().sumMillis()).isZero();
  }

  @Test
  void noop_makesTheCallsAndRecordsNothing() {
    PredictionRecorder noop = PredictionRecorder.noop();
    CompletableFuture<String> stage = new CompletableFuture<>();
    IOException failure = new IOException("no model");

    assertThat(noop.<Integer, RuntimeException>time(() -> 1)).isEqualTo(1);
    assertThat(noop.timeAsync(() -> stage)).isSameAs(stage);
    assertThatThrownBy(
            () ->
                noop.run(
                    () -> {
                      throw failure;
                    }))
        .isSameAs(failure);
    try (Prediction prediction = noop.start()) {
      prediction.success();
    }
    assertThat(noop.model().isReady()).isFalse();
    noop.record(Duration.ZERO, Status.SUCCESS);
    noop.model().remove();
    assertThat(noop.withLabelValues("acme")).isSameAs(noop);
    assertThat(stage.getNumberOfDependents()).isZero();
  }
}
