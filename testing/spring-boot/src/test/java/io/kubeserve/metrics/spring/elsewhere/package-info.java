/** What stands in another package than the applications of the tests. */
@NullMarked
package io.kubeserve.metrics.spring.elsewhere;

import org.jspecify.annotations.NullMarked;
