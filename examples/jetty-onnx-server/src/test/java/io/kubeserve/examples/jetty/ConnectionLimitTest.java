package io.kubeserve.examples.jetty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.Http;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that takes two connections, and two clients who hold one each and say nothing more. */
class ConnectionLimitTest {
  /** Less than a connection may be idle where there is room. */
  private static final int LIMIT_MILLIS = 20_000;

  private final ModelServer server = new ModelServer(ServerOptions.local().withMaxConnections(2));

  @BeforeEach
  void start() throws Exception {
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void idleConnection_givesWay() throws Exception {
    int port = URI.create(server.url()).getPort();
    try (Socket first = new Socket(InetAddress.getLoopbackAddress(), port)) {
      first.setSoTimeout(LIMIT_MILLIS);
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(first.getInputStream(), US_ASCII));
      first.getOutputStream().write("GET /health HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(US_ASCII));
      assertThat(answer.readLine()).isEqualTo("HTTP/1.1 200 OK");

      try (Socket second = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(second.isConnected()).isTrue();
        assertThat(new Http(server.url()).get("/health").statusCode()).isEqualTo(200);
      }
      assertThat(answer.lines()).as("to the end of the connection").isNotEmpty();
    }
  }
}
