/**
 * The words that Prometheus sees: metric names, types, HELP texts, labels and default bounds,
 * spelled here and nowhere else.
 */
@NullMarked
package io.kubeserve.metrics.contract;

import org.jspecify.annotations.NullMarked;
