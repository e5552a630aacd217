/** Follows what the pages of the project point at. */
@NullMarked
package io.kubeserve.docs;

import org.jspecify.annotations.NullMarked;
