package io.kubeserve.metrics.internal;

import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a scrape shows beside the classic histogram.
 *
 * @param constantLabels the labels of series that belong to no model
 * @param nativeResolution how fine the native histogram is; {@code null} for none
 * @param quantiles the quantiles of the gauges; empty for no gauges
 * @param clock the time in nanoseconds, for the window of the gauges
 * @param outcomes in how many ways a prediction can end
 */
public record Exposition(
    Labels constantLabels,
    @Nullable NativeResolution nativeResolution,
    List<Double> quantiles,
    LongSupplier clock,
    int outcomes) {}
