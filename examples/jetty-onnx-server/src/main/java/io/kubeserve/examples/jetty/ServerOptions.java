package io.kubeserve.examples.jetty;

import org.jspecify.annotations.Nullable;

/**
 * How the server is set up.
 *
 * @param host the address to listen on
 * @param port the port of the endpoints; 0 is any free one
 * @param metricsPort the port of the scrapes; {@code null} to have them among the endpoints
 * @param httpMetrics whether requests are measured, and not predictions alone
 */
record ServerOptions(String host, int port, @Nullable Integer metricsPort, boolean httpMetrics) {
  /** Any free port of this machine, for all there is. */
  static ServerOptions local() {
    return new ServerOptions("127.0.0.1", 0, null, true);
  }
}
