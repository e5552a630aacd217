package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.contract.ErrorReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** The latency of an asynchronous prediction ends where its stage completes. */
@SuppressWarnings("FutureReturnValueIgnored") // what follows is what a caller makes follow
class AsyncLatencyTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).ticker(ticker).build().recorder();
  private final CompletableFuture<String> source = new CompletableFuture<>();

  private double sumMillis() {
    return Scrape.of(registry).sumMillis();
  }

  private double errors(ErrorReason reason) {
    return Scrape.of(registry)
        .value("prediction_errors_total{reason=\"%s\"}".formatted(reason.labelValue()));
  }

  @Test
  void followers_areNotInTheLatency() {
    List<Double> inFlight = new ArrayList<>();
    CompletableFuture<Integer> length =
        recorder
            .timeAsync(() -> source)
            .thenApply(
                label -> {
                  inFlight.add(Scrape.of(registry).value("predictions_in_flight"));
                  ticker.advanceMillis(600);
                  return label.length();
                });
    ticker.advanceMillis(57);
    source.complete("label");

    assertThat(length).isCompletedWithValue(5);
    assertThat(sumMillis()).isEqualTo(57);
    assertThat(inFlight).containsExactly(0.0);
  }

  @Test
  void followers_ofAFailure_areNotInTheLatency() {
    recorder
        .timeAsync(() -> source)
        .exceptionally(
            thrown -> {
              ticker.advanceMillis(600);
              return "";
            });
    ticker.advanceMillis(57);
    source.completeExceptionally(new IllegalArgumentException());

    assertThat(sumMillis()).isEqualTo(57);
    assertThat(errors(ErrorReason.INVALID_INPUT)).isEqualTo(1);
  }

  @Test
  void followers_ofAQueuedCallThatIsCancelled_areNotInItsLatency() {
    List<Runnable> waiting = new ArrayList<>();
    CompletableFuture<String> queued = recorder.timeQueued(waiting::add, prediction -> "label");
    queued.whenComplete((label, thrown) -> ticker.advanceMillis(600));
    ticker.advanceMillis(57);
    queued.cancel(false);
    waiting.get(0).run();

    assertThat(sumMillis()).isEqualTo(57);
    assertThat(errors(ErrorReason.CANCELLED)).isEqualTo(1);
  }

  @Test
  void exception_isTheSourcesOwn() {
    CompletableFuture<String> direct = recorder.timeAsync(() -> source);
    CompletableFuture<String> dependent = recorder.timeAsync(() -> source.thenApply(x -> x));
    IllegalStateException failure = new IllegalStateException();
    List<Throwable> seen = new ArrayList<>();
    direct.whenComplete((label, thrown) -> seen.add(thrown));
    source.completeExceptionally(failure);

    assertThat(seen).containsExactly(failure);
    assertThatThrownBy(direct::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThatThrownBy(dependent::get).isInstanceOf(ExecutionException.class).hasCause(failure);
    assertThatThrownBy(dependent::join).isInstanceOf(CompletionException.class).hasCause(failure);
  }

  @Test
  void completedFromOutside_isSoForItsSource_andOnlyOnce() {
    CompletableFuture<String> source = new CompletableFuture<>();
    CompletableFuture<String> returned = recorder.timeAsync(() -> source);
    IllegalStateException failure = new IllegalStateException();

    assertThat(returned.completeExceptionally(failure)).isTrue();
    assertThat(returned.completeExceptionally(failure)).isFalse();
    assertThat(returned.cancel(true)).isFalse();
    assertThat(source).isCompletedExceptionally();
    returned.obtrudeValue("obtruded");
    assertThat(source).isCompletedWithValue("obtruded");
    returned.obtrudeException(failure);
    assertThat(source).isCompletedExceptionally();
    assertThat(returned).isCompletedExceptionally();
  }

  @Test
  void cancel_reachesTheSource() {
    CompletableFuture<String> returned = recorder.timeAsync(() -> source);

    assertThat(returned.cancel(true)).isTrue();
    assertThat(source).isCancelled();
    assertThat(returned).isCancelled();
    assertThatThrownBy(returned::join).isInstanceOf(CancellationException.class);
    assertThat(errors(ErrorReason.CANCELLED)).isEqualTo(1);
  }

  @Test
  void completion_byTheHolder_reachesTheSource() {
    CompletableFuture<String> returned = recorder.timeAsync(() -> source);

    assertThat(returned.complete("fallback")).isTrue();
    assertThat(returned.complete("late")).isFalse();
    assertThat(source).isCompletedWithValue("fallback");
    assertThat(returned).isCompletedWithValue("fallback");
  }

  @Test
  void timeout_setByTheHolder_reachesTheSource() {
    CompletableFuture<String> returned =
        recorder.timeAsync(() -> source).orTimeout(1, TimeUnit.NANOSECONDS);

    assertThatThrownBy(returned::join).hasCauseInstanceOf(TimeoutException.class);
    await().until(source::isCompletedExceptionally);
    assertThat(errors(ErrorReason.TIMEOUT)).as("counted before join() returns").isEqualTo(1);
  }

  @Test
  void defaultAfterATimeout_andACompletionElsewhere_reachTheSource() {
    assertThat(
            recorder
                .timeAsync(() -> source)
                .completeOnTimeout("default", 1, TimeUnit.NANOSECONDS)
                .join())
        .isEqualTo("default");
    assertThat(source).isCompletedWithValue("default");

    CompletableFuture<String> second = new CompletableFuture<>();
    recorder.timeAsync(() -> second).completeAsync(() -> "async", Runnable::run);
    assertThat(second).isCompletedWithValue("async");
    CompletableFuture<String> third = recorder.timeAsync(() -> new CompletableFuture<String>());
    third.obtrudeValue("obtruded");
    assertThat(third.join()).isEqualTo("obtruded");
    third.obtrudeException(new IllegalStateException());
    assertThat(third).isCompletedExceptionally();
    assertThat(Scrape.of(registry).count()).isEqualTo(3);
  }

  @Test
  void stage_ofAnotherClass_isReturnedItself() {
    CompletableFuture<String> special = new CompletableFuture<>() {};
    CompletionStage<String> minimal = source.minimalCompletionStage();
    CompletableFuture<String> done = CompletableFuture.completedFuture("label");

    assertThat(recorder.timeAsync(() -> special)).isSameAs(special);
    assertThat(
            (Object) recorder.<CompletionStage<String>, RuntimeException>timeAsync(() -> minimal))
        .isSameAs(minimal);
    assertThat(recorder.timeAsync(() -> done)).isSameAs(done);
  }

  @Test
  void stage_thatRefusesACallbackByAnError_reachesItsCallerAndIsCounted() {
    CompletableFuture<String> refusing =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<String> whenComplete(
              BiConsumer<? super String, ? super Throwable> action) {
            throw new NoClassDefFoundError();
          }
        };

    assertThat(recorder.timeAsync(() -> refusing)).isSameAs(refusing);
    assertThat(Scrape.of(registry).value("predictions_in_flight")).isZero();
    assertThat(Scrape.of(registry).errors()).isEqualTo(1);
  }

  @Test
  void followers_ofAPredictionWithinAPrediction_areInNeitherLatency() {
    PredictionRecorder inner =
        PredictionMetrics.builder()
            .registry(new PrometheusRegistry())
            .ticker(ticker)
            .build()
            .recorder();
    recorder
        .timeAsync(() -> inner.timeAsync(() -> source))
        .thenRun(() -> ticker.advanceMillis(300));
    ticker.advanceMillis(7);
    source.complete("label");

    assertThat(sumMillis()).isEqualTo(7);
    assertThat(inner.model().latency().meanMillis()).isEqualTo(7);
  }
}
