package io.kubeserve.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.tracer.common.SpanContext;
import io.prometheus.metrics.tracer.initializer.SpanContextSupplier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ExemplarTest {
  private static final Duration INTERVAL = Duration.ofMillis(100);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final ManualTicker ticker = new ManualTicker();
  private final Span span = new Span();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder()
          .registry(registry)
          .ticker(ticker)
          .spanContext(span)
          .build()
          .recorder();

  /** A tracer with one current span. */
  private static final class Span implements SpanContext {
    @Nullable String traceId = "trace-1";
    boolean sampled = true;
    boolean failing;
    int marked;
    int asked;

    @Override
    public @Nullable String getCurrentTraceId() {
      return traceId;
    }

    @Override
    public String getCurrentSpanId() {
      return "span-1";
    }

    @Override
    public boolean isCurrentSpanSampled() {
      asked++;
      if (failing) {
        throw new IllegalStateException("no tracer");
      }
      return sampled;
    }

    @Override
    public void markCurrentSpanAsExemplar() {
      marked++;
    }
  }

  private Exemplars latencyExemplars() {
    for (MetricSnapshot family : registry.scrape()) {
      if (family instanceof HistogramSnapshot histogram) {
        return histogram.getDataPoints().get(0).getExemplars();
      }
    }
    throw new AssertionError("no histogram");
  }

  /** The exemplar of the bucket between two bounds in milliseconds. */
  private Exemplar latencyExemplar(double lower, double upper) {
    Exemplar exemplar = latencyExemplars().get(lower, upper);
    assertThat(exemplar).isNotNull();
    return Objects.requireNonNull(exemplar);
  }

  private @Nullable Exemplar countExemplar(Status status) {
    for (MetricSnapshot family : registry.scrape()) {
      if (family instanceof CounterSnapshot counter) {
        for (CounterDataPointSnapshot point : counter.getDataPoints()) {
          if (status.labelValue().equals(point.getLabels().get("status"))) {
            return point.getExemplar();
          }
        }
      }
    }
    throw new AssertionError("no counter");
  }

  private void timed(Duration latency) {
    recorder.run(() -> ticker.advance(latency));
  }

  @Test
  void time_sampled_attachesTheTraceToItsBucketAndCount() {
    timed(Duration.ofMillis(70));

    Exemplar exemplar = latencyExemplar(50, 100);
    assertThat(exemplar.getValue()).isEqualTo(70);
    assertThat(exemplar.getLabels().get(Exemplar.TRACE_ID)).isEqualTo("trace-1");
    assertThat(exemplar.getLabels().get(Exemplar.SPAN_ID)).isEqualTo("span-1");
    assertThat(exemplar.hasTimestamp()).isTrue();
    assertThat(latencyExemplars().size()).isEqualTo(1);
    assertThat(countExemplar(Status.SUCCESS)).isNotNull();
    assertThat(countExemplar(Status.ERROR)).isNull();
    assertThat(span.marked).isEqualTo(1);
  }

  @Test
  void time_withinTheInterval_doesNotAskTheTracer() {
    timed(Duration.ZERO);
    timed(Duration.ofMillis(99));
    assertThat(span.asked).isEqualTo(1);

    timed(Duration.ofMillis(1));
    ticker.advance(INTERVAL);
    timed(Duration.ZERO);
    assertThat(span.asked).isEqualTo(2);
  }

  @Test
  void timeAsync_endsOnAnotherThread_hasTheTraceOfItsStart() throws InterruptedException {
    CompletableFuture<String> stage = new CompletableFuture<>();
    recorder.timeAsync(() -> stage);
    span.traceId = "trace-2";
    ticker.advance(Duration.ofMillis(300));
    Thread other = new Thread(() -> stage.completeExceptionally(new IllegalStateException()));
    other.start();
    other.join();

    assertThat(latencyExemplar(200, 500).getLabels().get(Exemplar.TRACE_ID)).isEqualTo("trace-1");
    assertThat(countExemplar(Status.ERROR)).isNotNull();
  }

  @Test
  void time_aboveEveryBound_hasAnExemplarInTheLastBucket() {
    timed(Duration.ofSeconds(60));

    assertThat(latencyExemplar(5000, Double.POSITIVE_INFINITY).getValue()).isEqualTo(60_000);
  }

  /** A latency that is a bound belongs to the bucket below it, and leaves that above alone. */
  @Test
  void time_severalBuckets_eachHasTheExemplarOfItsLatest() {
    timed(Duration.ofMillis(50));
    ticker.advance(INTERVAL);
    timed(Duration.ofMillis(70));
    ticker.advance(INTERVAL);
    timed(Duration.ofMillis(100));

    assertThat(latencyExemplar(10, 50).getValue()).isEqualTo(50);
    assertThat(latencyExemplar(50, 100).getValue()).isEqualTo(100);
    assertThat(latencyExemplars().size()).isEqualTo(2);
  }

  @Test
  void exemplar_isOlderThanSeventySeconds_isNotShown() {
    timed(Duration.ofMillis(20));
    ticker.advance(Duration.ofSeconds(70));
    assertThat(exemplars()).hasSize(2);

    ticker.advance(Duration.ofNanos(1));
    assertThat(exemplars()).isEmpty();
  }

  private List<Exemplar> exemplars() {
    List<Exemplar> exemplars = new ArrayList<>();
    for (MetricSnapshot family : registry.scrape()) {
      for (DataPointSnapshot point : family.getDataPoints()) {
        if (point instanceof DistributionDataPointSnapshot distribution) {
          distribution.getExemplars().forEach(exemplars::add);
        } else if (point instanceof CounterDataPointSnapshot counter
            && counter.getExemplar() != null) {
          exemplars.add(counter.getExemplar());
        }
      }
    }
    return exemplars;
  }

  @Test
  void time_notSampledOrWithoutTrace_hasNoExemplar() {
    span.sampled = false;
    timed(Duration.ofMillis(1));
    ticker.advance(INTERVAL);
    span.sampled = true;
    span.traceId = null;
    timed(Duration.ofMillis(1));

    assertThat(latencyExemplars().size()).isZero();
  }

  @Test
  void time_tracerThrows_predictionIsCounted() {
    span.failing = true;
    timed(Duration.ofMillis(1));

    assertThat(span.asked).isEqualTo(1);
    assertThat(Scrape.of(registry).successes()).isEqualTo(1);
  }

  @Test
  @SuppressWarnings("NullAway") // null is how client_java is told that there is no tracer
  void time_byDefault_asksTheTracerThatClientJavaKnows() {
    PredictionRecorder byDefault =
        PredictionMetrics.builder().registry(new PrometheusRegistry()).build().recorder();
    SpanContext before = SpanContextSupplier.getSpanContext();
    SpanContextSupplier.setSpanContext(span);
    try {
      byDefault.run(() -> {});
    } finally {
      SpanContextSupplier.setSpanContext(before);
    }

    assertThat(span.marked).isEqualTo(1);
  }

  @Test
  void withoutExemplars_doesNotAskTheTracer() {
    PredictionMetrics.builder()
        .registry(new PrometheusRegistry())
        .spanContext(span)
        .exemplars(false)
        .build()
        .recorder()
        .run(() -> {});

    assertThat(span.asked).isZero();
  }
}
