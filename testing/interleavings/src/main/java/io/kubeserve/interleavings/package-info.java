/** Scenarios for jcstress: two threads meet in the library, and every outcome has a name. */
@NullMarked
package io.kubeserve.interleavings;

import org.jspecify.annotations.NullMarked;
