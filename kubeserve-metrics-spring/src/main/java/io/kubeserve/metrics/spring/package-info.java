/**
 * Spring Boot's auto-configuration of the metrics: what an application types are {@link
 * io.kubeserve.metrics.spring.TimedPrediction} and the properties {@code kubeserve.metrics.*}.
 *
 * <p>Only types of Spring Boot that did not move between 3.3 and 4.1 are used, but for those of
 * health, which each have a class of their own here.
 */
@NullMarked
package io.kubeserve.metrics.spring;

import org.jspecify.annotations.NullMarked;
