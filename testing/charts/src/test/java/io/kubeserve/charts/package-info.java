/** The chart, rendered by the real Helm engine and held against what a cluster would take. */
@NullMarked
package io.kubeserve.charts;

import org.jspecify.annotations.NullMarked;
