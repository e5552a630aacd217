package io.kubeserve.metrics.internal;

/** What a scrape does with each model. */
public interface ModelVisitor {
  /**
   * Shows all series of a model.
   *
   * @param model the model
   * @return how many of its predictions have ended, or {@link PredictionCells#BUSY} while any is in
   *     flight
   */
  long show(PredictionSeries model);

  /**
   * Returns whether whoever asked sees all of every model; else its last counts are not seen yet.
   *
   * @return false for a reader who asked for some names alone
   */
  boolean isWhole();

  /**
   * Shows that a model is not ready, and nothing else of it: it never served.
   *
   * @param model the model
   */
  void showNotReady(PredictionSeries model);
}
