package io.kubeserve.metrics;

import io.kubeserve.metrics.internal.LatencyLayout;
import io.kubeserve.metrics.internal.Recordings;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The model of a recorder; what others must know of it is decided by {@link ServedModels}. */
final class BoundModel implements ServedModel {
  private final BoundRecorder recorder;
  private final LatencyLayout layout;
  private final Ticker ticker;
  private final ServedModels models;
  private final ReentrantLock loading = new ReentrantLock();

  BoundModel(BoundRecorder recorder, LatencyLayout layout, Ticker ticker, ServedModels models) {
    this.recorder = recorder;
    this.layout = layout;
    this.ticker = ticker;
    this.models = models;
  }

  @Override
  public <M extends @Nullable Object, X extends Throwable> M load(ThrowingSupplier<M, X> call)
      throws X {
    Objects.requireNonNull(call, "call");
    loading.lock();
    try {
      models.beginLoad(recorder);
      long start = ticker.nanos();
      M model;
      try {
        model = warmingUp(call);
      } catch (Throwable thrown) {
        // Of a load within a load, the outer one decides.
        models.failLoad(recorder, loading.getHoldCount() == 1);
        throw thrown;
      }
      models.endLoad(recorder, ticker.nanos() - start);
      return model;
    } finally {
      loading.unlock();
    }
  }

  private <M extends @Nullable Object, X extends Throwable> M warmingUp(ThrowingSupplier<M, X> call)
      throws X {
    Recordings unseen = recorder.series().recordings().emptyOf(layout);
    var outer =
        recorder.destination().warmUp(new Destination.WarmUp(Thread.currentThread(), unseen));
    try {
      return call.get();
    } finally {
      recorder.destination().warmUp(outer);
    }
  }

  @Override
  public boolean isReady() {
    return recorder.isReady();
  }

  @Override
  public void retire() {
    models.retire(recorder);
  }

  @Override
  public LatencySnapshot latency() {
    return new LatencySnapshot(recorder.destination().series().latency());
  }

  @Override
  public LatencySnapshot recentLatency() {
    return new LatencySnapshot(recorder.destination().series().recentLatency(ticker::nanos));
  }

  @Override
  public void remove() {
    models.remove(recorder);
  }
}
