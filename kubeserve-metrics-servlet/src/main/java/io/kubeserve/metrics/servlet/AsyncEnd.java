package io.kubeserve.metrics.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for the end of an asynchronous request. Time-outs and errors are no end: the application or
 * the container answers them, and completes.
 */
final class AsyncEnd implements AsyncListener {
  private final Runnable onEnd;
  private final AtomicBoolean ended = new AtomicBoolean();

  AsyncEnd(Runnable onEnd) {
    this.onEnd = onEnd;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    if (ended.compareAndSet(false, true)) {
      onEnd.run();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onError(AsyncEvent event) {}

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A dispatched request that is asynchronous again has lost its listeners.
    event.getAsyncContext().addListener(this);
  }
}
