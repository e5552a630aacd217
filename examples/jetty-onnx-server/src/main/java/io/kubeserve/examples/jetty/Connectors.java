package io.kubeserve.examples.jetty;

import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The ports that servers listen on, and how many connections each may have. */
final class Connectors {
  /** How long a connection may be idle while others wait for a place. */
  private static final int IDLE_AT_LIMIT_MILLIS = 1_000;

  private Connectors() {}

  /** Lets a server listen on one more port. */
  static ServerConnector add(Server server, ServerOptions options, int port) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    ServerConnector http = new ServerConnector(server, new HttpConnectionFactory(configuration));
    http.setHost(options.host());
    http.setPort(port);
    // While the server drains, every request comes on a connection of its own.
    http.setAcceptQueueSize(options.maxConnections());
    NetworkConnectionLimit limit = new NetworkConnectionLimit(options.maxConnections(), http);
    limit.setEndPointIdleTimeout(IDLE_AT_LIMIT_MILLIS);
    http.addBean(limit);
    server.addConnector(http);
    return http;
  }

  /** Returns where a connector listens, by the port that it got. */
  static String url(ServerConnector connector) {
    String host = connector.getHost();
    return "http://%s:%d"
        .formatted(host.contains(":") ? '[' + host + ']' : host, connector.getLocalPort());
  }
}
