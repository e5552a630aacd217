package io.kubeserve.metrics;

/**
 * Where nanoseconds come from. An implementation must be safe for use by many threads; while it
 * throws, latencies are wrong, but every prediction is counted.
 *
 * @since 0.1.0
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
