package io.kubeserve.metrics;

/**
 * A prediction that is sent item by item, from {@link PredictionRecorder#startStream()} to {@link
 * #close()}: tokens, frames, rows.
 *
 * <p>The times to the first item and between items are counted when the stream ends as a success,
 * as OpenTelemetry's conventions for generative AI have it; how long it took, whatever its outcome;
 * each item immediately.
 *
 * {@snippet file="io/kubeserve/metrics/SnippetsTest.java" region="stream"}
 *
 * @since 0.1.0
 */
public sealed interface PredictionStream extends Prediction permits BoundStream, NoopRecorder {
  /** Counts an item that is on its way; does nothing once the stream is closed. Never throws. */
  void item();
}
