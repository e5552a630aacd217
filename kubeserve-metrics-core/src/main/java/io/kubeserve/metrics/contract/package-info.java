/** The values of labels that a user of this library writes in code. */
@NullMarked
package io.kubeserve.metrics.contract;

import org.jspecify.annotations.NullMarked;
