package io.kubeserve.metrics;

import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.LatencyCounts;
import io.kubeserve.metrics.internal.LatencyLayout;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

enum NoopRecorder implements PredictionRecorder, Prediction {
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
  public <T extends @Nullable Object, X extends Throwable> T timeStages(StagedCall<T, X> call)
      throws X {
    return call.call(this);
  }

  @Override
  public void done(Stage stage) {}

  @Override
  public Prediction start() {
    return this;
  }

  @Override
  public void success() {}

  @Override
  public void error() {}

  @Override
  public void record(Duration elapsed, Status status) {}

  @Override
  public void recordNanos(long elapsedNanos, Status status) {}

  @Override
  public LatencySnapshot latency() {
    return new LatencySnapshot(LatencyCounts.none(LAYOUT));
  }

  @Override
  public LatencySnapshot recentLatency() {
    return latency();
  }

  @Override
  public void close() {}
}
