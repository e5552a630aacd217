/** What the metrics of many pods cost a Prometheus. */
@NullMarked
package io.kubeserve.scaling;

import org.jspecify.annotations.NullMarked;
