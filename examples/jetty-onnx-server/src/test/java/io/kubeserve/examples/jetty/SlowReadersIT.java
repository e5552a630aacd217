package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import io.kubeserve.testing.RunningServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fifty clients that ask the built jar for scrapes again and again and read none of them. */
class SlowReadersIT {
  private static final int READERS = 50;

  /** More scrapes down one connection than its buffers take. */
  private static final int PIPELINED = 1_000;

  private static final int PREDICTIONS = 1_000;

  @Test
  void predictions_besideFiftySlowReaders_allSucceed_andAreCounted() throws Exception {
    List<Socket> readers = new ArrayList<>();
    try (RunningServer server = new RunningServer()) {
      Http http = server.http();
      for (int i = 0; i < READERS; i++) {
        readers.add(askAndDoNotRead(URI.create(http.url())));
      }

      for (int i = 0; i < PREDICTIONS; i++) {
        assertThat(http.predict(Http.ONE_ROW).statusCode()).isEqualTo(200);
      }
      assertThat(http.successes()).isEqualTo(PREDICTIONS);
    } finally {
      for (Socket reader : readers) {
        reader.close();
      }
    }
  }

  private static Socket askAndDoNotRead(URI server) throws IOException {
    Socket reader = new Socket();
    reader.setReceiveBufferSize(1024);
    reader.connect(new InetSocketAddress(server.getHost(), server.getPort()));
    String request = "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n";
    reader.getOutputStream().write(request.repeat(PIPELINED).getBytes(StandardCharsets.US_ASCII));
    return reader;
  }
}
