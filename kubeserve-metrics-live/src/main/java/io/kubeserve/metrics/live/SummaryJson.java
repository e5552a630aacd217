package io.kubeserve.metrics.live;

import io.kubeserve.metrics.PredictionMetrics;
import java.util.Map;
import java.util.Objects;

/**
 * The summary of every model as JSON, for programs that are not a Prometheus.
 *
 * <p>It is what {@link PredictionMetrics#summary()} returns at that moment: one object, the depth
 * of the queues and an array of models in it; times are in milliseconds. What is not known is
 * {@code null}: the name of a model that nobody named, its readiness if it was never loaded, the
 * quantiles of no latencies. It consumes nothing: any number of programs may ask. One summary is
 * made at a time, and shared by those who asked meanwhile; if more than {@value
 * SharedDocument#MAX_WAITING} wait for it, one more is answered 503. Safe for use by many threads.
 *
 * @since 0.1.0
 */
public final class SummaryJson {
  private static final int UNAVAILABLE = 503;

  private final SharedDocument summary;

  /**
   * Makes the summary of some metrics.
   *
   * @param metrics what it shows
   */
  public SummaryJson(PredictionMetrics metrics) {
    Objects.requireNonNull(metrics, "metrics");
    this.summary = new SharedDocument(() -> SummaryDocument.of(metrics.summary()));
  }

  /**
   * Answers a request. May wait for another thread that makes a summary.
   *
   * @return the JSON, or a refusal
   */
  public Answer answer() {
    byte[] document = summary.get();
    return document == null
        ? Answer.refusal(UNAVAILABLE, "There are too many questions for the summary.")
            .with(Map.of("Retry-After", "1"))
        : Answer.ok("application/json", document, () -> {});
  }
}
