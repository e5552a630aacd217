package io.kubeserve.metrics;

import java.lang.System.Logger.Level;
import java.util.concurrent.atomic.AtomicBoolean;

/** A foreign ticker; what it throws is logged once and never reaches a prediction. */
final class GuardedTicker implements Ticker {
  private static final System.Logger LOGGER = System.getLogger(Ticker.class.getName());

  private final Ticker ticker;
  private final AtomicBoolean logged = new AtomicBoolean();
  private volatile long lastNanos;

  GuardedTicker(Ticker ticker) {
    this.ticker = ticker;
  }

  @Override
  public long nanos() {
    try {
      long nanos = ticker.nanos();
      lastNanos = nanos;
      return nanos;
    } catch (Throwable e) {
      if (logged.compareAndSet(false, true)) {
        LOGGER.log(Level.WARNING, "The ticker threw; latencies are wrong until it stops.", e);
      }
      return lastNanos;
    }
  }
}
