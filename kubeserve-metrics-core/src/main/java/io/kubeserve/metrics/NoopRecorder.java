package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.LatencyCounts;
import io.kubeserve.metrics.internal.LatencyLayout;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Records nothing; it is its own prediction, stream and model. */
enum NoopRecorder implements PredictionRecorder, PredictionStream, ServedModel {
  INSTANCE;

  private static final LatencyLayout LAYOUT = new LatencyLayout(new double[0]);

  @Override
  public <T extends @Nullable Object, X extends Throwable> T time(ThrowingSupplier<T, X> call)
      throws X {
    return call.get();
  }

  @Override
  public <X extends Throwable> void run(ThrowingRunnable<X> call) throws X {
    call.run();
  }

  @Override
  public <S extends @Nullable CompletionStage<?>, X extends Throwable> S timeAsync(
      ThrowingSupplier<S, X> call) throws X {
    return call.get();
  }

  @Override
  public <M extends @Nullable Object, X extends Throwable> M load(ThrowingSupplier<M, X> call)
      throws X {
    return call.get();
  }

  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public void retire() {}

  @Override
  public void endStage(Stage stage) {}

  @Override
  public Prediction start() {
    return this;
  }

  @Override
  public PredictionStream startStream() {
    return this;
  }

  @Override
  public void item() {}

  @Override
  public void batchSize(int items) {}

  @Override
  public void success() {}

  @Override
  public void error() {}

  @Override
  public void error(ErrorReason reason) {}

  @Override
  public void error(Throwable cause) {}

  @Override
  public void recordError(Duration elapsed, ErrorReason reason) {}

  @Override
  public void record(Duration elapsed, Status status) {}

  @Override
  public LatencySnapshot latency() {
    return new LatencySnapshot(LatencyCounts.none(LAYOUT));
  }

  @Override
  public LatencySnapshot recentLatency() {
    return latency();
  }

  @Override
  public PredictionRecorder withLabelValues(String... values) {
    return this;
  }

  @Override
  public ServedModel model() {
    return this;
  }

  @Override
  public void remove() {}

  @Override
  public void close() {}
}
