/**
 * The words that Prometheus sees of predictions: metric names, types, HELP texts, labels and
 * default bounds, spelled here and nowhere else.
 */
@NullMarked
package io.kubeserve.metrics.internal.contract;

import org.jspecify.annotations.NullMarked;
