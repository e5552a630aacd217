package io.kubeserve.metrics.servlet;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Permits of a semaphore that are given back once, however often that is asked for: by what throws
 * before it has started, and by its end.
 */
final class Permits {
  private final Semaphore semaphore;
  private final int number;
  private final AtomicBoolean released = new AtomicBoolean();

  private Permits(Semaphore semaphore, int number) {
    this.semaphore = semaphore;
    this.number = number;
  }

  /** Takes permits; {@code null} if there are not as many. */
  static @Nullable Permits of(Semaphore semaphore, int number) {
    return semaphore.tryAcquire(number) ? new Permits(semaphore, number) : null;
  }

  void release() {
    if (released.compareAndSet(false, true)) {
      semaphore.release(number);
    }
  }
}
