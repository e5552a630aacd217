package io.kubeserve.metrics.servlet;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Waits for the end of an asynchronous request.
 *
 * <p>A time-out is no end: the application or the container answers it. An error is one, since
 * Tomcat does not always complete a request after it; listeners of the application were told before
 * and may have answered.
 */
final class AsyncEnd implements AsyncListener {
  private final Runnable onComplete;
  private final Runnable onError;
  private final AtomicBoolean ended = new AtomicBoolean();

  AsyncEnd(Runnable onComplete, Runnable onError) {
    this.onComplete = onComplete;
    this.onError = onError;
  }

  @Override
  public void onComplete(AsyncEvent event) {
    if (ended.compareAndSet(false, true)) {
      onComplete.run();
    }
  }

  @Override
  public void onTimeout(AsyncEvent event) {}

  @Override
  public void onError(AsyncEvent event) {
    now();
  }

  /** Ends the request by an error that the container need not know of. */
  void now() {
    if (ended.compareAndSet(false, true)) {
      onError.run();
    }
  }

  @Override
  public void onStartAsync(AsyncEvent event) {
    // A dispatched request that is asynchronous again has lost its listeners.
    event.getAsyncContext().addListener(this);
  }
}
