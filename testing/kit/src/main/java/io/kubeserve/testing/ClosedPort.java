package io.kubeserve.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/** A port of the loopback that refuses every connection, and that no server can take meanwhile. */
public final class ClosedPort implements AutoCloseable {
  private final Socket bound = new Socket();

  /** Takes a port and does not listen. */
  public ClosedPort() throws IOException {
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  /** The host and the port. */
  public String address() {
    return "127.0.0.1:" + bound.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    bound.close();
  }
}
