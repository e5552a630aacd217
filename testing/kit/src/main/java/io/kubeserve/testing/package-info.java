/** Real parts that the tests of several modules start: Prometheus, and servers of the project. */
@NullMarked
package io.kubeserve.testing;

import org.jspecify.annotations.NullMarked;
