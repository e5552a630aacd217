/**
 * The names, labels and bounds of HTTP metrics, and what every scrape endpoint is made of. Not for
 * use from outside: anything here may change any day.
 */
@NullMarked
package io.kubeserve.metrics.http.internal;

import org.jspecify.annotations.NullMarked;
