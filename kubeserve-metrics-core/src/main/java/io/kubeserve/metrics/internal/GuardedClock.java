package io.kubeserve.metrics.internal;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * A foreign clock that is safe to ask while recording: what it throws is logged once and never
 * reaches a prediction; the last value is repeated instead.
 */
public final class GuardedClock implements LongSupplier {
  private static final System.Logger LOGGER = System.getLogger("io.kubeserve.metrics.Ticker");

  private final LongSupplier nanos;
  private final AtomicBoolean logged = new AtomicBoolean();
  private volatile long lastNanos;

  /**
   * Guards a clock.
   *
   * @param nanos the time in nanoseconds
   */
  public GuardedClock(LongSupplier nanos) {
    this.nanos = nanos;
  }

  @Override
  public long getAsLong() {
    try {
      long now = nanos.getAsLong();
      lastNanos = now;
      return now;
    } catch (Throwable e) {
      if (logged.compareAndSet(false, true)) {
        LOGGER.log(Level.WARNING, "The ticker threw; latencies are wrong until it stops.", e);
      }
      return lastNanos;
    }
  }
}
