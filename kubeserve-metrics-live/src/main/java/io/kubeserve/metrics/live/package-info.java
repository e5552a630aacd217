/**
 * A page and a document that say how the models of a server are doing, for people and for programs
 * that are not a Prometheus. Behind any HTTP server: nothing here knows one.
 */
@NullMarked
package io.kubeserve.metrics.live;

import org.jspecify.annotations.NullMarked;
