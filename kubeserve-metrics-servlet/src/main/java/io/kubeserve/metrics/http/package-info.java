/**
 * The HTTP metrics of a server, whatever it is made of: counts and durations by route, with the
 * names of prometheus-fastapi-instrumentator. The filter of {@code io.kubeserve.metrics.servlet}
 * records into them; so can any other server.
 */
@NullMarked
package io.kubeserve.metrics.http;

import org.jspecify.annotations.NullMarked;
