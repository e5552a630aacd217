package io.kubeserve.examples.jetty;

import io.kubeserve.testing.Http;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server for each test, without a model. */
abstract class ServerTest {
  final ModelServer server;
  Http http = new Http("");

  ServerTest(ServerOptions options) {
    server = new ModelServer(options);
  }

  @BeforeEach
  final void start() throws Exception {
    server.start();
    http = new Http(server.url());
  }

  @AfterEach
  final void stop() throws Exception {
    server.stop();
  }
}
