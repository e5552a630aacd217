package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** The built jar as a newcomer runs it. */
class ExampleServerIT {
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;

  @Test
  void jar_threeSuccessesAndAFailure_metricsSayExactlyThat() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Http http = server.http();
      assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      assertThat(http.predict("{\"data\": [5.1, 3.5, 1.4, 0.2]}").statusCode()).isEqualTo(200);
      assertThat(
              http.post("/api/v1/predict/1/predict", BodyPublishers.ofString(Http.ONE_ROW))
                  .statusCode())
          .isEqualTo(200);
      assertThat(http.predict(Http.NARROW_ROW).statusCode()).isEqualTo(422);

      assertThat(http.successes()).isEqualTo(3);
      assertThat(http.errors()).isEqualTo(1);
      assertThat(http.metric("prediction_latency_ms_count")).isEqualTo(4);
      assertThat(http.metric("prediction_latency_ms_bucket{le=\"+Inf\"}")).isEqualTo(4);
      assertThat(server.terminate()).isEqualTo(SIGTERM_EXIT_STATUS);
    }
  }
}
