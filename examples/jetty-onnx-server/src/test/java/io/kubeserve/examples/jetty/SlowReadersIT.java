package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import io.kubeserve.testing.SlowReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fifty clients that ask the built jar for scrapes again and again and read none of them. */
class SlowReadersIT {
  private static final int READERS = 50;

  private static final int PREDICTIONS = 1_000;

  @Test
  void predictions_besideFiftySlowReaders_allSucceed_andAreCounted() throws Exception {
    List<SlowReader> readers = new ArrayList<>();
    try (RunningServer server = new RunningServer()) {
      Http http = server.http();
      for (int i = 0; i < READERS; i++) {
        readers.add(new SlowReader(http.url()));
      }

      for (int i = 0; i < PREDICTIONS; i++) {
        assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      }
      assertThat(http.successes()).isEqualTo(PREDICTIONS);
    } finally {
      for (SlowReader reader : readers) {
        reader.close();
      }
    }
  }
}
