/** An open-loop load generator: it sends at a fixed rate, however slowly the server answers. */
@NullMarked
package io.kubeserve.load;

import org.jspecify.annotations.NullMarked;
