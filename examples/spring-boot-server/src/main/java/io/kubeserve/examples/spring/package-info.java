/**
 * A model server as a team would write it on Spring Boot, with nothing in it about metrics but an
 * annotation.
 */
@NullMarked
package io.kubeserve.examples.spring;

import org.jspecify.annotations.NullMarked;
