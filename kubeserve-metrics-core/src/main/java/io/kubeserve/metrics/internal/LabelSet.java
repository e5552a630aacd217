package io.kubeserve.metrics.internal;

/**
 * Recordings of a model, and the labels that they are exposed with.
 *
 * @param labels the labels
 * @param recordings what is exposed
 */
record LabelSet(SeriesLabels labels, Recordings recordings) {}
