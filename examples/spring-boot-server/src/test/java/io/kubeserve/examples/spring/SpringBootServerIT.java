package io.kubeserve.examples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import org.junit.jupiter.api.Test;

/** The built jar as a newcomer runs it. */
class SpringBootServerIT {
  private static final int SIGTERM_EXIT_STATUS = 128 + 15;

  @Test
  void jar_successesAndFailures_metricsSayExactlyThat() throws Exception {
    try (RunningServer server = new RunningServer()) {
      Http http = server.http();
      assertThat(http.get("/ready").statusCode()).isEqualTo(200);
      assertThat(http.predict(Http.ONE_ROW).body())
          .isEqualTo("{\"predictions\":[2],\"model_loaded\":true}");
      assertThat(http.predict(Http.NARROW_ROW).statusCode()).isEqualTo(422);
      assertThat(Http.detail(http.predict(Http.NARROW_ROW)))
          .isEqualTo("A row has 2 values, and the model takes 4");
      assertThat(http.predict("not JSON").statusCode()).isEqualTo(422);
      assertThat(http.predict("{}").statusCode()).isEqualTo(422);

      assertThat(http.successes()).isEqualTo(1);
      assertThat(http.errors()).isEqualTo(2);
      assertThat(http.metric("prediction_latency_ms_count")).isEqualTo(3);
      assertThat(http.requests("/predict", "POST", "2xx")).isEqualTo(1);
      assertThat(http.requests("/predict", "POST", "4xx")).isEqualTo(4);
      assertThat(server.terminate()).isEqualTo(SIGTERM_EXIT_STATUS);
    }
  }
}
