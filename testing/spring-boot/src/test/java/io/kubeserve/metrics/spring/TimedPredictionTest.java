package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Calls of a bean's methods are predictions, whatever they return. */
class TimedPredictionTest {
  /** A model as a team writes it. */
  static class Model {
    @TimedPrediction
    public float predict(float x) {
      return 2 * x;
    }

    @TimedPrediction
    public float fail() throws IOException {
      throw new IOException("no model");
    }

    @TimedPrediction
    public CompletionStage<String> later(CompletableFuture<String> result) {
      return result;
    }

    @TimedPrediction
    public Mono<String> mono(Mono<String> result) {
      return result;
    }

    @TimedPrediction
    public Flux<String> flux(Flux<String> results) {
      return results;
    }

    @TimedPrediction(model = "fraud", version = "3")
    public void named() {}

    public void untimed() {}
  }

  private static void with(Check check) {
    TimedContext.RUNNER
        .withBean(Model.class)
        .run(
            context ->
                check.of(
                    context.getBean(Model.class),
                    new Counts(context.getBean(PrometheusRegistry.class))));
  }

  @Test
  void method_returns_isASuccess() {
    with(
        (model, counts) -> {
          assertThat(model.predict(21)).isEqualTo(42);
          model.untimed();
          counts.are(1, 0);
        });
  }

  @Test
  void method_throws_isAnErrorAndThrownOn() {
    with(
        (model, counts) -> {
          assertThatThrownBy(model::fail).isExactlyInstanceOf(IOException.class);
          counts.are(0, 1);
        });
  }

  @Test
  void stage_countsWhenItCompletes() {
    with(
        (model, counts) -> {
          CompletableFuture<String> result = new CompletableFuture<>();
          CompletionStage<String> handedOut = model.later(result);
          counts.inFlight(1);
          result.complete("label");
          counts.are(1, 0);
          assertThat(handedOut).isCompletedWithValue("label");
          model.later(CompletableFuture.failedFuture(new IOException()));
          counts.are(1, 1);
        });
  }

  @Test
  void mono_countsEachSubscription() {
    with(
        (model, counts) -> {
          Mono<String> mono = model.mono(Mono.just("label"));
          counts.are(0, 0);
          assertThat(mono.block()).isEqualTo("label");
          mono.block();
          counts.are(2, 0);
          assertThatThrownBy(model.mono(Mono.error(new IOException()))::block)
              .hasRootCauseInstanceOf(IOException.class);
          counts.are(2, 1);
        });
  }

  @Test
  void mono_cancelled_isAnErrorOnce() {
    with(
        (model, counts) -> {
          var subscription = model.mono(Mono.never()).subscribe();
          counts.inFlight(1);
          subscription.dispose();
          subscription.dispose();
          counts.are(0, 1);
        });
  }

  @Test
  void flux_countsWhenItEnds() {
    with(
        (model, counts) -> {
          Sinks.Many<String> tokens = Sinks.many().unicast().onBackpressureBuffer();
          model.flux(tokens.asFlux()).subscribe();
          tokens.tryEmitNext("first");
          counts.inFlight(1);
          tokens.tryEmitComplete();
          counts.are(1, 0);
          assertThat(model.flux(Flux.just("a", "b")).collectList().block())
              .containsExactly("a", "b");
          counts.are(2, 0);
          assertThat(model.flux(Flux.just("a", "b")).next().block()).isEqualTo("a");
          counts.are(2, 1);
        });
  }

  @Test
  void model_hasSeriesOfItsOwn() {
    with(
        (model, counts) -> {
          model.named();
          assertThat(
                  Samples.of(counts.registry())
                      .value(
                          "predictions_total",
                          Map.of("status", "success", "model", "fraud", "version", "3")))
              .isEqualTo(1);
        });
  }

  /** A model that is named by half. */
  static class HalfNamed {
    @TimedPrediction(model = "fraud")
    public void predict() {}
  }

  @Test
  void modelWithoutVersion_stopsTheStart() {
    TimedContext.RUNNER
        .withBean(HalfNamed.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContaining("HalfNamed.predict names a model without a version"));
  }

  @Test
  void severalRecorders_theOneWithoutLabelsCounts() {
    TimedContext.RUNNER
        .withBean(Model.class)
        .withBean("a", PredictionRecorder.class, PredictionRecorder::noop)
        .withBean("b", PredictionRecorder.class, PredictionRecorder::noop)
        .run(
            context -> {
              context.getBean(Model.class).predict(1);
              new Counts(context.getBean(PrometheusRegistry.class)).are(1, 0);
            });
  }

  /** A check of a model and what was counted. */
  private interface Check {
    void of(Model model, Counts counts) throws Exception;
  }

  /** What was counted of the default recorder. */
  private record Counts(PrometheusRegistry registry) {
    void are(int successes, int errors) {
      Samples samples = Samples.of(registry);
      assertThat(samples.value("predictions_total", Map.of("status", "success")))
          .isEqualTo(successes);
      assertThat(samples.value("predictions_total", Map.of("status", "error"))).isEqualTo(errors);
      assertThat(samples.value("predictions_in_flight")).isZero();
    }

    void inFlight(int predictions) {
      assertThat(Samples.of(registry).value("predictions_in_flight")).isEqualTo(predictions);
    }
  }
}
