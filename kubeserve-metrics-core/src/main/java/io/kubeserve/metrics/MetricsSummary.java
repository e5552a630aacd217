package io.kubeserve.metrics;

import java.time.Duration;
import java.util.List;

/**
 * What there is to know of the predictions of a server, at one moment.
 *
 * @param window the length of the sliding window of recent latencies
 * @param queueDepth how many predictions wait in its queues
 * @param models each model, by name and version
 */
public record MetricsSummary(Duration window, long queueDepth, List<ModelSummary> models) {}
