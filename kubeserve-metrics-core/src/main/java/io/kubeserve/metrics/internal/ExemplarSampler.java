package io.kubeserve.metrics.internal;

import io.kubeserve.metrics.contract.Status;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.tracer.common.SpanContext;
import io.prometheus.metrics.tracer.initializer.SpanContextSupplier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The exemplars of one model: the trace of its latest sampled prediction for each classic bucket
 * and each status.
 *
 * <p>The trace is taken where a prediction starts, since it may end on a thread that has none, and
 * at most once in {@link #INTERVAL_NANOS}; in between, a prediction costs one comparison. Safe for
 * use by many threads.
 */
public final class ExemplarSampler {
  /** The shortest time between two samples of a model. */
  static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long an exemplar is shown; client_java's own, {@code maxRetentionPeriodSeconds}. */
  static final long RETENTION_NANOS = TimeUnit.SECONDS.toNanos(70);

  private static final VarHandle NEXT_NANOS = nextNanosHandle();
  private static final int STATUSES = Status.values().length;

  private final LatencyLayout layout;
  private final @Nullable Supplier<@Nullable SpanContext> spans;

  /** The latest exemplar of each status, then of each classic bucket; {@code null} before any. */
  private volatile @Nullable AtomicReferenceArray<@Nullable Sample> latest;

  /** An exemplar and the time of its prediction's end. */
  private record Sample(Exemplar exemplar, long endNanos) {}

  @SuppressWarnings("unused") // written through NEXT_NANOS
  private volatile long nextNanos;

  private ExemplarSampler(
      LatencyLayout layout, @Nullable Supplier<@Nullable SpanContext> spans, long nowNanos) {
    this.layout = layout;
    this.spans = spans;
    this.nextNanos = nowNanos;
  }

  /**
   * Makes a sampler that asks for the caller's span.
   *
   * @param layout the layout of the classic buckets
   * @param spans where a span is known from; {@code null} asks client_java, which finds
   *     OpenTelemetry's agent or SDK
   * @param nowNanos the time
   * @return a sampler without exemplars
   */
  public static ExemplarSampler of(
      LatencyLayout layout, @Nullable SpanContext spans, long nowNanos) {
    return new ExemplarSampler(
        layout, spans == null ? SpanContextSupplier::getSpanContext : () -> spans, nowNanos);
  }

  /**
   * Makes a sampler that never samples.
   *
   * @param layout the layout of the classic buckets
   * @return a sampler without exemplars
   */
  public static ExemplarSampler never(LatencyLayout layout) {
    return new ExemplarSampler(layout, null, 0);
  }

  private static VarHandle nextNanosHandle() {
    try {
      return MethodHandles.lookup().findVarHandle(ExemplarSampler.class, "nextNanos", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Takes the caller's trace if a sample is due.
   *
   * @param nowNanos the time
   * @return the labels of the exemplar-to-be; {@code null} mostly
   */
  public @Nullable Labels traceIfDue(long nowNanos) {
    if (spans == null) {
      return null;
    }
    long due = (long) NEXT_NANOS.getOpaque(this);
    if (nowNanos - due < 0 || !NEXT_NANOS.compareAndSet(this, due, nowNanos + INTERVAL_NANOS)) {
      return null;
    }
    return trace(spans);
  }

  private static @Nullable Labels trace(Supplier<@Nullable SpanContext> spans) {
    try {
      SpanContext span = spans.get();
      if (span == null || !span.isCurrentSpanSampled()) {
        return null;
      }
      String traceId = span.getCurrentTraceId();
      String spanId = span.getCurrentSpanId();
      if (traceId == null || spanId == null) {
        return null;
      }
      span.markCurrentSpanAsExemplar();
      return Labels.of(Exemplar.TRACE_ID, traceId, Exemplar.SPAN_ID, spanId);
    } catch (Throwable foreign) {
      // A tracer that fails, or that is half on the class path, costs the exemplar only.
      return null;
    }
  }

  /**
   * Attaches a trace to the bucket and to the count of a prediction that has ended.
   *
   * @param trace what {@link #traceIfDue} returned
   * @param status the prediction's outcome
   * @param startNanos the time at which it started
   * @param nanos its latency; a negative one counts as 0
   */
  public void attach(Labels trace, Status status, long startNanos, long nanos) {
    long latency = Math.max(0, nanos);
    long endNanos = startNanos + latency;
    double millis = LatencyLayout.toMillis(latency);
    long nowMillis = System.currentTimeMillis();
    AtomicReferenceArray<@Nullable Sample> samples = samples();
    samples.set(indexOf(status), new Sample(new Exemplar(1, trace, nowMillis), endNanos));
    samples.set(
        STATUSES + layout.classicBucketOf(latency),
        new Sample(new Exemplar(millis, trace, nowMillis), endNanos));
  }

  /** Once in a tenth of a second at most, so a lock costs nothing. */
  private synchronized AtomicReferenceArray<@Nullable Sample> samples() {
    AtomicReferenceArray<@Nullable Sample> known = latest;
    if (known == null) {
      known = new AtomicReferenceArray<>(STATUSES + layout.classicBounds().length);
      latest = known;
    }
    return known;
  }

  private static int indexOf(Status status) {
    return status == Status.SUCCESS ? 0 : 1;
  }

  /** Returns the exemplar of a status's count, unless it is too old. */
  @Nullable Exemplar of(Status status, long nowNanos) {
    AtomicReferenceArray<@Nullable Sample> samples = latest;
    return samples == null ? null : fresh(samples.get(indexOf(status)), nowNanos);
  }

  private static @Nullable Exemplar fresh(@Nullable Sample sample, long nowNanos) {
    return sample == null || nowNanos - sample.endNanos > RETENTION_NANOS ? null : sample.exemplar;
  }

  /** Returns the exemplars of the classic buckets, without those that are too old. */
  Exemplars ofLatencies(long nowNanos) {
    AtomicReferenceArray<@Nullable Sample> samples = latest;
    if (samples == null) {
      return Exemplars.EMPTY;
    }
    List<Exemplar> exemplars = new ArrayList<>();
    for (int i = STATUSES; i < samples.length(); i++) {
      Exemplar exemplar = fresh(samples.get(i), nowNanos);
      if (exemplar != null) {
        exemplars.add(exemplar);
      }
    }
    return exemplars.isEmpty() ? Exemplars.EMPTY : Exemplars.of(exemplars);
  }
}
