/**
 * The hot path and the views that are derived from it. Not for use from outside: anything here may
 * change any day.
 */
@NullMarked
package io.kubeserve.metrics.internal;

import org.jspecify.annotations.NullMarked;
