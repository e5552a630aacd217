package io.kubeserve.metrics.internal.contract;

import java.util.List;

/**
 * The bucket bounds of streams, in seconds: those that OpenTelemetry's semantic conventions for
 * generative AI, version 1.41, recommend. {@code +Inf} is implied.
 */
public final class StreamBounds {
  /** The upper bounds of {@code gen_ai_server_request_duration_seconds}. */
  public static final List<Double> DURATION_SECONDS =
      List.of(
          0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);

  /** The upper bounds of {@code gen_ai_server_time_to_first_token_seconds}. */
  public static final List<Double> FIRST_ITEM_SECONDS =
      List.of(
          0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5,
          10.0);

  /** The upper bounds of {@code gen_ai_server_time_per_output_token_seconds}. */
  public static final List<Double> BETWEEN_ITEMS_SECONDS =
      List.of(0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5);

  private StreamBounds() {}
}
