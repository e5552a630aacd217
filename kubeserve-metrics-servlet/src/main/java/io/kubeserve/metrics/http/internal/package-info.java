/**
 * What every scrape endpoint is made of, whatever serves it. Not for use from outside: anything
 * here may change any day.
 */
@NullMarked
package io.kubeserve.metrics.http.internal;

import org.jspecify.annotations.NullMarked;
