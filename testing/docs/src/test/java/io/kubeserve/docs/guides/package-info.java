/** The code of the guides, run. */
@NullMarked
package io.kubeserve.docs.guides;

import org.jspecify.annotations.NullMarked;
