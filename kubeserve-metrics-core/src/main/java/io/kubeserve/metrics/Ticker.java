package io.kubeserve.metrics;

/**
 * Where nanoseconds come from. An implementation must be safe for use by many threads; one that
 * throws costs the latency of that prediction (it counts as 0), never the prediction.
 */
@FunctionalInterface
public interface Ticker {
  /**
   * Returns the nanoseconds since an arbitrary, fixed moment.
   *
   * @return a value that only means something beside another one
   */
  long nanos();

  /**
   * Returns the ticker of the machine.
   *
   * @return a ticker that reads {@link System#nanoTime()}
   */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}
