package io.kubeserve.metrics;

import java.util.List;

/**
 * What there is to know of the predictions of a server, at one moment.
 *
 * @param queueDepth how many predictions wait in its queues
 * @param models each model, by name and version
 */
public record MetricsSummary(long queueDepth, List<ModelSummary> models) {}
