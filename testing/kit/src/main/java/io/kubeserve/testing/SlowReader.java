package io.kubeserve.testing;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A client that asks for scrapes again and again, down one connection, and reads none of them. */
public final class SlowReader implements AutoCloseable {
  /** More scrapes than the buffers of a connection take. */
  private static final int PIPELINED = 1_000;

  private static final int RECEIVE_BUFFER_BYTES = 1024;

  private final Socket socket = new Socket();

  /** Connects and asks. */
  public SlowReader(String server) throws IOException {
    URI address = URI.create(server);
    socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
    socket.connect(new InetSocketAddress(address.getHost(), address.getPort()));
    String request = "GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n";
    socket.getOutputStream().write(request.repeat(PIPELINED).getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
