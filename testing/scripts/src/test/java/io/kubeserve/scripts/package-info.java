/** The scripts, run with stand-ins for the programs that need a cluster. */
@NullMarked
package io.kubeserve.scripts;

import org.jspecify.annotations.NullMarked;
