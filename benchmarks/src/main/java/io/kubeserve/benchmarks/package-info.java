/** What one prediction and one scrape cost, here and with the peers. */
@NullMarked
package io.kubeserve.benchmarks;

import org.jspecify.annotations.NullMarked;
