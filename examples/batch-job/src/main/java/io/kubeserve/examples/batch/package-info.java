/** A job that scores the rows of a file and pushes its metrics to a Pushgateway before it ends. */
@NullMarked
package io.kubeserve.examples.batch;

import org.jspecify.annotations.NullMarked;
