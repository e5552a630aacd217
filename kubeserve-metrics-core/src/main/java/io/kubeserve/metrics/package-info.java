/**
 * Records the predictions of a model server.
 *
 * <p>{@link io.kubeserve.metrics.PredictionMetrics} owns the metric families of one registry and
 * hands out a {@link io.kubeserve.metrics.PredictionRecorder} for each model; a recorder counts and
 * times predictions, and client_java's exporters show them.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="quickstart"}
 */
@NullMarked
package io.kubeserve.metrics;

import org.jspecify.annotations.NullMarked;
