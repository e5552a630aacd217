package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every error has one reason of a closed set, whatever way it took. */
class ErrorReasonTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();

  private PredictionMetricsBuilder builder() {
    return PredictionMetrics.builder().registry(registry);
  }

  @Test
  void noErrorYet_noFamily() {
    builder().build().recorder().run(() -> {});

    assertThat(Scrape.of(registry).text()).doesNotContain("prediction_errors_total");
  }

  static Stream<Arguments> known() {
    TimeoutException timeout = new TimeoutException();
    return Stream.of(
        Arguments.of(timeout, ErrorReason.TIMEOUT),
        Arguments.of(new SocketTimeoutException(), ErrorReason.TIMEOUT),
        Arguments.of(new HttpConnectTimeoutException("late"), ErrorReason.TIMEOUT),
        Arguments.of(new CancellationException(), ErrorReason.CANCELLED),
        Arguments.of(new InterruptedException(), ErrorReason.CANCELLED),
        Arguments.of(new RejectedExecutionException(), ErrorReason.REJECTED),
        Arguments.of(new NumberFormatException(), ErrorReason.INVALID_INPUT),
        Arguments.of(new IOException(), ErrorReason.OTHER),
        Arguments.of(new StackOverflowError(), ErrorReason.OTHER),
        Arguments.of(new ExecutionException(timeout), ErrorReason.TIMEOUT),
        Arguments.of(
            new CompletionException(new IllegalStateException(timeout)), ErrorReason.TIMEOUT),
        Arguments.of(wrapped(9, timeout), ErrorReason.TIMEOUT),
        Arguments.of(wrapped(10, timeout), ErrorReason.OTHER),
        Arguments.of(new OwnCause(), ErrorReason.OTHER));
  }

  /** A cause is looked for in ten throwables: more than any framework wraps. */
  private static Throwable wrapped(int times, Throwable cause) {
    Throwable thrown = cause;
    for (int i = 0; i < times; i++) {
      thrown = new ExecutionException(thrown);
    }
    return thrown;
  }

  /** A throwable that is its own cause has no end. */
  private static final class OwnCause extends Exception {
    private static final long serialVersionUID = 1;

    @Override
    public synchronized Throwable getCause() {
      return this;
    }
  }

  @ParameterizedTest
  @MethodSource("known")
  void time_throws_countsTheReasonOfTheFirstKnownCause(Throwable thrown, ErrorReason reason) {
    PredictionRecorder recorder = builder().build().recorder();

    assertThatThrownBy(
            () ->
                recorder.time(
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
    assertOnly(reason);
  }

  @Test
  void run_throws_countsItsReason() {
    PredictionRecorder recorder = builder().build().recorder();

    assertThatThrownBy(
            () ->
                recorder.run(
                    () -> {
                      throw new TimeoutException();
                    }))
        .isInstanceOf(TimeoutException.class);
    assertOnly(ErrorReason.TIMEOUT);
  }

  @Test
  void timeStages_throws_countsItsReason() {
    PredictionRecorder recorder = builder().build().recorder();

    assertThatThrownBy(
            () ->
                recorder.timeStages(
                    prediction -> {
                      throw new IllegalArgumentException("three columns");
                    }))
        .hasMessage("three columns");
    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void timeQueued_throws_countsItsReason() {
    PredictionRecorder recorder = builder().build().recorder();

    CompletableFuture<Object> future =
        recorder.timeQueued(
            Runnable::run,
            prediction -> {
              throw new IllegalArgumentException("three columns");
            });

    assertThat(future).isCompletedExceptionally();
    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void timedIterator_callThrows_countsItsReason() {
    PredictionRecorder recorder = builder().build().recorder();

    assertThatThrownBy(
            () ->
                TimedIterator.of(
                    recorder,
                    () -> {
                      throw new TimeoutException();
                    }))
        .isInstanceOf(TimeoutException.class);
    assertOnly(ErrorReason.TIMEOUT);
  }

  /** Whose hasNext() and next() throw. */
  private static final class BrokenItems implements Iterator<String> {
    private final RuntimeException failure = new IllegalArgumentException("no such token");

    @Override
    public boolean hasNext() {
      throw failure;
    }

    @Override
    public String next() {
      throw failure;
    }
  }

  @Test
  void timedIterator_hasNextThrows_countsItsReason() {
    BrokenItems broken = new BrokenItems();
    TimedIterator<String> items = TimedIterator.of(builder().build().recorder(), () -> broken);

    assertThatThrownBy(items::hasNext).isSameAs(broken.failure);
    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void timedIterator_nextThrows_countsItsReason() {
    BrokenItems broken = new BrokenItems();
    TimedIterator<String> items = TimedIterator.of(builder().build().recorder(), () -> broken);

    assertThatThrownBy(items::next).isSameAs(broken.failure);
    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void timeAsync_callThrows_countsItsReason() {
    PredictionRecorder recorder = builder().build().recorder();

    assertThatThrownBy(
            () ->
                recorder.timeAsync(
                    () -> {
                      throw new RejectedExecutionException();
                    }))
        .isInstanceOf(RejectedExecutionException.class);
    assertOnly(ErrorReason.REJECTED);
  }

  @Test
  void timeAsync_cancelled_isCancelled() {
    PredictionRecorder recorder = builder().build().recorder();

    recorder.timeAsync(CompletableFuture::new).cancel(true);

    assertOnly(ErrorReason.CANCELLED);
  }

  @Test
  void timeAsync_timesOut_isTimeout() {
    PredictionRecorder recorder = builder().build().recorder();

    CompletableFuture<Object> late = recorder.timeAsync(CompletableFuture::new);

    assertThatThrownBy(() -> late.orTimeout(1, TimeUnit.NANOSECONDS).join())
        .hasCauseInstanceOf(TimeoutException.class);
    assertOnly(ErrorReason.TIMEOUT);
  }

  @Test
  void error_ofAPrediction_firstReasonStands() {
    PredictionRecorder recorder = builder().build().recorder();

    try (Prediction prediction = recorder.start()) {
      prediction.error(ErrorReason.INVALID_INPUT);
      prediction.error(new TimeoutException());
      prediction.success();
    }

    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void close_undecided_isOther() {
    builder().build().recorder().start().close();

    assertOnly(ErrorReason.OTHER);
  }

  @Test
  void recordError_countsItsReasonAndNothingInFlight() {
    builder().build().recorder().recordError(Duration.ofMillis(3), ErrorReason.REJECTED);

    assertOnly(ErrorReason.REJECTED);
    assertThat(Scrape.of(registry).inFlight()).isZero();
    assertThat(Scrape.of(registry).value("prediction_latency_ms_sum")).isEqualTo(3);
  }

  @Test
  void record_errorWithoutAReason_isOther() {
    builder().build().recorder().record(Duration.ofMillis(3), Status.ERROR);

    assertOnly(ErrorReason.OTHER);
  }

  @Test
  void errorClassifier_knowsACause_winsOverTheDefault() {
    PredictionRecorder recorder =
        builder()
            .errorClassifier(
                thrown -> thrown instanceof IOException ? ErrorReason.INVALID_INPUT : null)
            .build()
            .recorder();

    record(recorder, new IllegalStateException(new SocketTimeoutException()));

    assertOnly(ErrorReason.INVALID_INPUT);
  }

  @Test
  void errorClassifier_throws_predictionThrowsItsOwn() {
    PredictionRecorder recorder =
        builder()
            .errorClassifier(
                thrown -> {
                  throw new IllegalStateException("broken classifier");
                })
            .build()
            .recorder();

    record(recorder, new TimeoutException("late"));

    assertOnly(ErrorReason.OTHER);
  }

  private static void record(PredictionRecorder recorder, Exception thrown) {
    assertThatThrownBy(
            () ->
                recorder.run(
                    () -> {
                      throw thrown;
                    }))
        .isSameAs(thrown);
  }

  private void assertOnly(ErrorReason expected) {
    for (ErrorReason reason : ErrorReason.standard()) {
      assertThat(errors(reason)).as(reason.labelValue()).isEqualTo(reason.equals(expected) ? 1 : 0);
    }
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
    assertThat(Scrape.of(registry).count()).isEqualTo(1);
  }

  private double errors(ErrorReason reason) {
    return Scrape.of(registry)
        .value("prediction_errors_total{reason=\"%s\"}".formatted(reason.labelValue()));
  }
}
