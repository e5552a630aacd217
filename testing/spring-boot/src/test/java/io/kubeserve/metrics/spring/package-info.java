/**
 * What the auto-configuration does in an application, on whatever Spring Boot is on the class path.
 */
@NullMarked
package io.kubeserve.metrics.spring;

import org.jspecify.annotations.NullMarked;
