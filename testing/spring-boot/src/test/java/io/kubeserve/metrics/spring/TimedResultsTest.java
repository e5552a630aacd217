package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubeserve.metrics.contract.ErrorReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.http.ResponseEntity;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** A call is what it returns, with the reason of its error, and without what follows it. */
@SuppressWarnings({
  "CheckReturnValue",
  "FutureReturnValueIgnored",
  "TypeParameterUnusedInFormals"
}) // what a caller ignores is counted all the same
class TimedResultsTest {
  private static final Logger LOGGER = Logger.getLogger(TimedPrediction.class.getName());

  /** Methods that declare little of what they return. */
  static class Model {
    @TimedPrediction
    public Object object(Supplier<?> result) {
      return result.get();
    }

    @TimedPrediction
    public Future<?> future(Supplier<? extends Future<?>> result) {
      return result.get();
    }

    @TimedPrediction
    public <T> Mono<T> mono(Supplier<Mono<T>> result) {
      return result.get();
    }

    @TimedPrediction
    public <T> Publisher<T> publisher(Supplier<Publisher<T>> result) {
      return result.get();
    }

    @TimedPrediction
    public <T> Flow.Publisher<T> flow(Supplier<Flow.Publisher<T>> result) {
      return result.get();
    }

    @TimedPrediction
    public <T> CompletableFuture<T> stage(Supplier<CompletableFuture<T>> result) {
      return result.get();
    }

    @TimedPrediction
    public float fail(Exception thrown) throws Exception {
      throw thrown;
    }
  }

  private final AtomicLong nanos = new AtomicLong();

  private final ApplicationContextRunner runner =
      TimedContext.RUNNER
          .withBean(
              PredictionMetricsCustomizer.class,
              () ->
                  builder ->
                      builder
                          .ticker(nanos::get)
                          .errorClassifier(
                              thrown ->
                                  thrown instanceof IOException ? ErrorReason.REJECTED : null))
          .withBean(Model.class);

  private void pass(long millis) {
    nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }

  /** What was counted, and how long it took in all. */
  private record Counted(double successes, Map<String, Double> errors, double millis) {
    static Counted of(PrometheusRegistry registry) {
      Samples samples = Samples.of(registry);
      assertThat(samples.value("predictions_in_flight")).isZero();
      Map<String, Double> errors = new TreeMap<>();
      for (String reason : List.of("timeout", "cancelled", "rejected", "invalid_input", "other")) {
        double value = samples.value("prediction_errors_total", Map.of("reason", reason));
        if (value > 0) {
          errors.put(reason, value);
        }
      }
      return new Counted(
          samples.value("predictions_total", Map.of("status", "success")),
          errors,
          samples.value("prediction_latency_ms_sum"));
    }

    static Counted success(double millis) {
      return new Counted(1, Map.of(), millis);
    }

    static Counted error(String reason, double millis) {
      return new Counted(0, Map.of(reason, 1.0), millis);
    }
  }

  private void with(Act act, Counted expected) {
    runner.run(
        context -> {
          act.on(context.getBean(Model.class));
          assertThat(Counted.of(context.getBean(PrometheusRegistry.class))).isEqualTo(expected);
        });
  }

  /** What a caller does. */
  private interface Act {
    void on(Model model) throws Throwable;
  }

  static Stream<Arguments> reasons() {
    return Stream.of(
        Arguments.of(new IllegalArgumentException("x"), "invalid_input"),
        Arguments.of(new TimeoutException("x"), "timeout"),
        Arguments.of(new CancellationException("x"), "cancelled"),
        Arguments.of(new IOException("x"), "rejected"),
        Arguments.of(new IllegalStateException(new TimeoutException("x")), "timeout"),
        Arguments.of(new IllegalStateException("x"), "other"));
  }

  @ParameterizedTest
  @MethodSource("reasons")
  void thrown_hasItsReason_howeverItComes(Exception thrown, String reason) {
    Supplier<Mono<String>> throwing =
        () -> {
          pass(20);
          return doThrow(thrown);
        };
    with(
        model -> assertThatThrownBy(() -> model.fail(thrown)).isSameAs(thrown),
        Counted.error(reason, 0));
    with(
        model -> catchThrowable(() -> model.mono(() -> Mono.error(thrown)).block()),
        Counted.error(reason, 0));
    with(model -> catchThrowable(() -> model.mono(throwing)), Counted.error(reason, 20));
    with(model -> catchThrowable(() -> model.object(throwing)), Counted.error(reason, 20));
    with(
        model -> model.stage(() -> CompletableFuture.failedFuture(thrown)),
        Counted.error(reason, 0));
    with(
        model -> model.object(() -> CompletableFuture.failedFuture(thrown)),
        Counted.error(reason, 0));
    with(
        model -> model.future(() -> CompletableFuture.failedFuture(thrown)),
        Counted.error(reason, 0));
    with(
        model ->
            catchThrowable(() -> Flux.from(model.publisher(() -> Flux.error(thrown))).blockLast()),
        Counted.error(reason, 0));
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable, T> T doThrow(Throwable thrown) throws X {
    throw (X) thrown;
  }

  @Test
  void mono_cancelledOrTimedOut_saysSo() {
    with(model -> model.mono(Mono::never).subscribe().dispose(), Counted.error("cancelled", 0));
    with(
        model ->
            catchThrowable(
                () -> model.mono(() -> Mono.never().timeout(Duration.ofMillis(1))).block()),
        Counted.error("timeout", 0));
  }

  @Test
  void cancel_reachesTheSource() {
    List<String> cancelled = new CopyOnWriteArrayList<>();
    with(
        model ->
            model
                .mono(() -> Mono.never().doOnCancel(() -> cancelled.add("mono")))
                .subscribe()
                .dispose(),
        Counted.error("cancelled", 0));
    with(
        model ->
            Flux.from(model.publisher(() -> Flux.never().doOnCancel(() -> cancelled.add("flux"))))
                .subscribe()
                .dispose(),
        Counted.error("cancelled", 0));
    assertThat(cancelled).containsExactly("mono", "flux");
  }

  @Test
  void declaredObject_isWhatItReturns() {
    with(
        model -> {
          CompletableFuture<String> later = new CompletableFuture<>();
          assertThat(
                  model.object(
                      () -> {
                        pass(5);
                        return later;
                      }))
              .isInstanceOf(CompletableFuture.class);
          pass(50);
          later.complete("label");
        },
        Counted.success(55));
    with(
        model -> {
          Object mono = model.object(() -> Mono.fromRunnable(() -> pass(20)));
          pass(300);
          ((Mono<?>) mono).block();
        },
        Counted.success(20));
    with(
        model ->
            ((Mono<?>) model.object(() -> Mono.error(new TimeoutException())))
                .onErrorComplete()
                .block(),
        Counted.error("timeout", 0));
    with(
        model -> {
          pass(1);
          assertThat(model.object(() -> "label")).isEqualTo("label");
          assertThat(model.object(() -> null)).isNull();
        },
        new Counted(2, Map.of(), 0));
  }

  @Test
  void publisherThatNobodySubscribesTo_isNoPrediction() {
    with(model -> model.mono(() -> Mono.just(1)), new Counted(0, Map.of(), 0));
    with(model -> model.object(() -> Flux.just(1)), new Counted(0, Map.of(), 0));
  }

  @Test
  void mono_isWithoutWhatFollowsItsValue() {
    with(
        model ->
            assertThat(
                    model
                        .mono(
                            () ->
                                Mono.fromSupplier(
                                    () -> {
                                      pass(20);
                                      return "label";
                                    }))
                        .map(
                            label -> {
                              pass(400);
                              return label;
                            })
                        .block())
                .isEqualTo("label"),
        Counted.success(20));
    with(
        model ->
            catchThrowable(
                () ->
                    model.mono(() -> Mono.just(1)).map(one -> doThrow(new IOException())).block()),
        Counted.success(0));
  }

  @Test
  void flux_isWithoutWhatFollowsItsEnd() {
    with(
        model ->
            Flux.from(
                    model.publisher(
                        () -> Flux.just(1).concatWith(Mono.fromRunnable(() -> pass(20)))))
                .doOnComplete(() -> pass(400))
                .concatWith(Mono.fromRunnable(() -> pass(400)))
                .blockLast(),
        Counted.success(20));
  }

  @Test
  void flowPublisher_isTimed() {
    with(
        model -> {
          SubmissionPublisher<String> source = new SubmissionPublisher<>(Runnable::run, 8);
          Flow.Publisher<String> timed = model.flow(() -> source);
          timed.subscribe(
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(String item) {}

                @Override
                public void onError(Throwable thrown) {}

                @Override
                public void onComplete() {}
              });
          pass(30);
          source.close();
        },
        Counted.success(30));
  }

  private static Handler keeping(List<LogRecord> records) {
    return new Handler() {
      @Override
      public void publish(LogRecord logged) {
        records.add(logged);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  @Test
  void plainFuture_isJudgedIfItIsDone_andElseIsAnErrorThatIsLoggedOnce() {
    List<LogRecord> records = new CopyOnWriteArrayList<>();
    Handler handler = keeping(records);
    LOGGER.addHandler(handler);
    FutureTask<String> done = new FutureTask<>(() -> "label");
    done.run();
    FutureTask<String> failed =
        new FutureTask<>(
            () -> {
              throw new TimeoutException();
            });
    failed.run();
    with(model -> assertThat(model.future(() -> done)).isSameAs(done), Counted.success(0));
    with(model -> model.object(() -> failed), Counted.error("timeout", 0));
    with(
        model -> {
          FutureTask<String> later = new FutureTask<>(() -> "label");
          assertThat(model.future(() -> later)).isSameAs(later);
          model.future(() -> later);
        },
        new Counted(0, Map.of("other", 2.0), 0));
    LOGGER.removeHandler(handler);
    assertThat(records)
        .singleElement()
        .satisfies(
            logged ->
                assertThat(logged.getMessage() + List.of(logged.getParameters()))
                    .contains("Model.future", "FutureTask"));
  }

  @Test
  void emptyPlaceOfAStageOrPublisher_isAnError() {
    with(model -> model.stage(() -> null), Counted.error("other", 0));
    with(model -> model.mono(() -> null), Counted.error("other", 0));
    with(model -> model.future(() -> null), Counted.error("other", 0));
  }

  @Test
  void context_reachesTheSource() {
    with(
        model ->
            assertThat(
                    model
                        .mono(() -> Mono.deferContextual(context -> Mono.just(context.get("key"))))
                        .contextWrite(context -> context.put("key", "value"))
                        .block())
                .isEqualTo("value"),
        Counted.success(0));
  }

  @Test
  void whatIsNotThereYet_insideOfAnotherResult_isAnError() {
    with(model -> model.object(() -> ResponseEntity.ok(Mono.never())), Counted.error("other", 0));
    with(
        model -> model.object(() -> Optional.of(new CompletableFuture<String>())),
        Counted.error("other", 0));
    with(
        model -> {
          model.object(() -> ResponseEntity.ok("label"));
          model.object(() -> ResponseEntity.noContent().build());
          model.object(() -> Optional.of("label"));
          model.object(Optional::empty);
        },
        new Counted(4, Map.of(), 0));
  }
}
