package io.kubeserve.metrics.internal;

/**
 * Whether one version of a model is loaded and in service. Safe for use by many threads.
 *
 * <p>A scrape of a model in service, but for the first, only reads here, and takes no lock: what it
 * wrote could lie in a cache line with what every prediction of the model reads.
 */
public final class ModelLifecycle {
  /** How long the series of a retired model are shown: more than a scrape or two. */
  static final long RETIREMENT_NANOS = 120_000_000_000L;

  private static final long NEVER = -1;

  private volatile boolean told;
  private volatile boolean loaded;
  private volatile boolean retired;
  private volatile boolean revived;
  private volatile boolean everShown;
  private volatile long retiredAtNanos;
  private volatile long shownEnded = NEVER;
  private volatile long loadNanos = NEVER;

  /** Makes the lifecycle of a model whose load has not begun. */
  public ModelLifecycle() {}

  /**
   * Begins to load the model. One that is loaded already stays ready; one that came back from
   * retirement does not, since what it had loaded may be gone.
   */
  public synchronized void begin() {
    told = true;
    if (revived) {
      loaded = false;
      revived = false;
    }
  }

  /**
   * Makes the model ready.
   *
   * @param nanos how long its load took
   */
  public synchronized void loaded(long nanos) {
    told = true;
    loaded = true;
    revived = false;
    loadNanos = Math.max(0, nanos);
  }

  /**
   * Takes the readiness of the models that share these series.
   *
   * @param ready whether each of them is ready
   */
  public synchronized void mirror(boolean ready) {
    told = true;
    loaded = ready;
  }

  /**
   * Takes the model out of service.
   *
   * @param nowNanos the time
   * @return whether it was in service
   */
  public synchronized boolean retire(long nowNanos) {
    boolean first = !retired;
    if (first) {
      retiredAtNanos = nowNanos;
      shownEnded = NEVER;
      retired = true; // last, for those who read all three without the lock
    }
    return first;
  }

  /** Puts a retired model back into service. */
  public synchronized void revive() {
    revived = retired;
    retired = false;
  }

  /**
   * Notes that a scrape has shown the model.
   *
   * @param ended what {@link ModelVisitor#show} returned
   */
  public void shown(long ended) {
    if (!everShown) {
      everShown = true;
    }
    if (retired) {
      noteShown(ended);
    }
  }

  private synchronized void noteShown(long ended) {
    if (retired) {
      shownEnded = ended;
    }
  }

  /**
   * Returns whether any scrape has shown the model.
   *
   * @return whether a reader knows a count of it
   */
  public boolean wasShown() {
    return everShown;
  }

  /**
   * Returns how many predictions the latest scrape since the retirement has shown.
   *
   * @return negative if there was no such scrape, or if predictions were in flight then
   */
  public long shownEnded() {
    return shownEnded;
  }

  /**
   * Returns when the model was retired.
   *
   * @return the time; meaningless for a model in service
   */
  public long retiredAtNanos() {
    return retiredAtNanos;
  }

  /**
   * Returns whether the model was retired so long ago that every scraper has seen its last counts.
   *
   * @param nowNanos the time
   * @return whether its series may go
   */
  public boolean isOver(long nowNanos) {
    return retired && nowNanos - retiredAtNanos >= RETIREMENT_NANOS;
  }

  /**
   * Returns whether a load of the model ever began.
   *
   * @return whether the model's readiness is known
   */
  public boolean isTold() {
    return told;
  }

  /**
   * Returns whether the model can predict.
   *
   * @return whether it is loaded and in service
   */
  public boolean isReady() {
    return loaded && !retired;
  }

  /**
   * Returns whether the model is out of service.
   *
   * @return whether it is retired
   */
  public boolean isRetired() {
    return retired;
  }

  boolean wasLoaded() {
    return loadNanos != NEVER;
  }

  double loadSeconds() {
    return loadNanos / 1e9;
  }
}
