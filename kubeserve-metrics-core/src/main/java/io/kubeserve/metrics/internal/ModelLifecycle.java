package io.kubeserve.metrics.internal;

/** Whether a model is loaded. Safe for use by many threads. */
public final class ModelLifecycle {
  /** How long the series of a retired model are shown: more than a scrape or two. */
  static final long RETIREMENT_NANOS = 120_000_000_000L;

  private static final long NEVER = -1;

  private boolean told;
  private boolean loaded;
  private boolean retired;
  private long retiredAtNanos;
  private long loadNanos = NEVER;

  /** Makes the lifecycle of a model that nobody has begun to load. */
  public ModelLifecycle() {}

  /** Begins to load the model; one that is loaded already stays ready. */
  public synchronized void begin() {
    told = true;
  }

  /**
   * Makes the model ready.
   *
   * @param nanos how long its load took
   */
  public synchronized void loaded(long nanos) {
    loaded = true;
    loadNanos = Math.max(0, nanos);
  }

  /**
   * Takes the model out of service.
   *
   * @param nowNanos the time
   * @return whether it was in service
   */
  public synchronized boolean retire(long nowNanos) {
    boolean first = !retired;
    retired = true;
    retiredAtNanos = nowNanos;
    return first;
  }

  /**
   * Puts a retired model back into service.
   *
   * @return whether it was retired
   */
  public synchronized boolean revive() {
    boolean was = retired;
    retired = false;
    return was;
  }

  /** Returns whether the model was retired so long ago that its last counts have been scraped. */
  synchronized boolean isOver(long nowNanos) {
    return retired && nowNanos - retiredAtNanos >= RETIREMENT_NANOS;
  }

  /**
   * Returns whether anybody told of a load.
   *
   * @return whether the model's readiness is known
   */
  public synchronized boolean isTold() {
    return told;
  }

  /**
   * Returns whether the model can predict.
   *
   * @return whether it is loaded and in service
   */
  public synchronized boolean isReady() {
    return loaded && !retired;
  }

  /**
   * Returns whether the model is out of service.
   *
   * @return whether it is retired
   */
  public synchronized boolean isRetired() {
    return retired;
  }

  synchronized boolean wasLoaded() {
    return loadNanos != NEVER;
  }

  synchronized double loadSeconds() {
    return loadNanos / 1e9;
  }
}
