package io.kubeserve.metrics;

import static java.util.concurrent.TimeUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.kubeserve.metrics.contract.ErrorReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong around a prediction: its caller gets what it would, and it counts once. */
class FaultsTest {
  private static final int PREDICTIONS = 50;

  /** Something foreign that is broken. */
  private record Fault(String name, UnaryOperator<PredictionMetricsBuilder> breaks) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Throwable> thrown() {
    return List.of(
        new IllegalStateException("broken"),
        new AssertionError("broken"),
        new NoClassDefFoundError("broken"),
        new StackOverflowError("broken"),
        new OutOfMemoryError("broken"));
  }

  static Stream<Fault> faults() {
    Stream<Fault> throwing =
        thrown().stream()
            .flatMap(
                broken ->
                    Stream.of(
                        new Fault("a ticker that throws " + broken, b -> b.ticker(ticker(broken))),
                        new Fault(
                            "a tracer that throws " + broken,
                            b -> b.spanContext(new BrokenTracer(broken))),
                        new Fault(
                            "a classifier that throws " + broken,
                            b ->
                                b.errorClassifier(
                                    e -> {
                                      throw sneak(broken);
                                    }))));
    return Stream.concat(
        throwing,
        Stream.of(
            new Fault("a clock that runs backwards", b -> b.ticker(clock(-1_000_000_000L))),
            new Fault("a clock that jumps by a century", b -> b.ticker(clock(Long.MAX_VALUE / 3))),
            new Fault("a clock that stands still", b -> b.ticker(clock(0))),
            new Fault("a classifier that says nothing", b -> b.errorClassifier(e -> null)),
            new Fault("no fault", b -> b)));
  }

  private static Ticker ticker(Throwable broken) {
    return () -> {
      throw sneak(broken);
    };
  }

  private static Ticker clock(long step) {
    AtomicLong nanos = new AtomicLong();
    return () -> nanos.addAndGet(step);
  }

  @SuppressWarnings("unchecked")
  private static <X extends Throwable> RuntimeException sneak(Throwable broken) throws X {
    throw (X) broken;
  }

  private record BrokenTracer(Throwable broken) implements SpanContext {
    @Override
    public @Nullable String getCurrentTraceId() {
      throw sneak(broken);
    }

    @Override
    public @Nullable String getCurrentSpanId() {
      throw sneak(broken);
    }

    @Override
    public boolean isCurrentSpanSampled() {
      throw sneak(broken);
    }

    @Override
    public void markCurrentSpanAsExemplar() {
      throw sneak(broken);
    }
  }

  @ParameterizedTest
  @MethodSource("faults")
  void prediction_isWhatItIsWithoutTheFault_andCountsOnce(Fault fault) {
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionMetrics metrics =
        fault.breaks.apply(PredictionMetrics.builder().registry(registry)).build();
    metrics.monitorQueue(
        () -> {
          throw sneak(new AssertionError("a queue that throws"));
        });
    PredictionRecorder recorder = metrics.recorder();
    for (int i = 0; i < PREDICTIONS; i++) {
      assertThat(recorder.<Integer, RuntimeException>time(() -> 7)).isEqualTo(7);
      Throwable own = thrown().get(i % thrown().size());
      assertThat(
              catchThrowable(
                  () ->
                      recorder.time(
                          () -> {
                            throw sneak(own);
                          })))
          .isSameAs(own);
      try (Prediction prediction = recorder.start()) {
        prediction.success();
      }
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.successes()).isEqualTo(2 * PREDICTIONS);
    assertThat(scrape.errors()).isEqualTo(PREDICTIONS);
    assertThat(scrape.count()).isEqualTo(3 * PREDICTIONS);
    assertThat(scrape.value("predictions_in_flight")).isZero();
    assertThat(scrape.value("prediction_queue_depth")).isZero();
    assertThat(
            ErrorReason.standard().stream()
                .mapToDouble(
                    reason ->
                        scrape.value(
                            "prediction_errors_total{reason=\"%s\"}"
                                .formatted(reason.labelValue())))
                .sum())
        .isEqualTo(PREDICTIONS);
  }

  @Test
  void time_threadIsInterrupted_isTheModelsAffair_andCountsOnce() {
    PrometheusRegistry registry = new PrometheusRegistry();
    PredictionRecorder recorder = PredictionMetrics.builder().registry(registry).build().recorder();
    try {
      Thread.currentThread().interrupt();
      assertThat(recorder.<Boolean, RuntimeException>time(Thread::interrupted)).isTrue();
      Thread.currentThread().interrupt();
      assertThat(recorder.<Integer, RuntimeException>time(() -> 7)).isEqualTo(7);
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
      assertThat(catchThrowable(() -> recorder.time(() -> new CountDownLatch(1).await(1, DAYS))))
          .isInstanceOf(InterruptedException.class);
    } finally {
      Thread.interrupted(); // for the tests that follow on this thread
    }

    Scrape scrape = Scrape.of(registry);
    assertThat(scrape.successes()).isEqualTo(2);
    assertThat(scrape.errors()).isEqualTo(1);
    assertThat(scrape.value("prediction_errors_total{reason=\"cancelled\"}")).isEqualTo(1);
  }
}
