package io.kubeserve.metrics.internal;

/** Where a scrape finds the models of a server. Safe for use by many threads. */
public interface ModelSource {
  /**
   * Shows every model once. While it does, no model comes or goes.
   *
   * @param visitor what is given the models
   */
  void showTo(ModelVisitor visitor);

  /**
   * Returns how many requests for a recorder were folded into the model {@code other}.
   *
   * @return only grows
   */
  long foldedModels();

  /**
   * Returns how many requests for a recorder had label values that were folded into {@code other}.
   *
   * @return only grows; -1 if no label names are declared
   */
  long foldedLabelSets();

  /**
   * Returns how many loads failed.
   *
   * @return only grows; -1 until the first load begins
   */
  long failedLoads();

  /**
   * Returns when the first load began.
   *
   * @return the time in milliseconds, as Unix counts them; meaningless before it
   */
  long firstLoadMillis();
}
