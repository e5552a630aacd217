package io.kubeserve.docs.guides;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.PredictionStream;
import io.kubeserve.metrics.contract.ErrorReason;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The guide on streaming, beyond what core's {@code SnippetsTest} runs of it. */
class StreamingTest {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder();

  /** What stands for a connection. */
  interface Client {
    void send(String token) throws IOException;
  }

  // @start region="client-gone"
  void send(Iterable<String> tokens, Client client) throws IOException {
    try (PredictionStream stream = recorder.startStream()) {
      for (String token : tokens) {
        stream.item();
        try {
          client.send(token);
        } catch (IOException gone) {
          stream.error(ErrorReason.CANCELLED); // the first decision stands
          throw gone;
        }
      }
      stream.success();
    }
  }

  // @end

  @Test
  void streamThatIsSent_hasItsItemsAndTimes() throws IOException {
    List<String> sent = new ArrayList<>();
    send(List.of("to", "be", "or"), sent::add);

    assertThat(sent).containsExactly("to", "be", "or");
    assertThat(Samples.of(registry))
        .containsEntry("prediction_stream_items_total", 3.0)
        .containsEntry("gen_ai_server_time_to_first_token_seconds_count", 1.0)
        .containsEntry("gen_ai_server_time_per_output_token_seconds_count", 2.0)
        .containsEntry("predictions_total{status=\"success\"}", 1.0);
  }

  @Test
  void clientThatLeaves_isACancelledPrediction() throws IOException {
    assertThatThrownBy(
            () ->
                send(
                    List.of("to", "be"),
                    token -> {
                      throw new IOException("gone");
                    }))
        .hasMessage("gone");

    assertThat(Samples.of(registry))
        .containsEntry("prediction_stream_items_total", 1.0)
        .containsEntry("prediction_errors_total{reason=\"cancelled\"}", 1.0)
        .containsEntry("gen_ai_server_request_duration_seconds_count", 1.0);
  }
}
