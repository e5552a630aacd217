package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Ten thousand asynchronous requests at once. They come over Jetty's connector in memory: a process
 * may not have the twenty thousand file descriptors that as many TCP connections would need.
 */
@Tag("container")
class ManyAsyncRequestsTest {
  private static final int REQUESTS = 10_000;

  private final FilterFixture fixture = new FilterFixture();
  private final Queue<AsyncContext> waiting = new ConcurrentLinkedQueue<>();

  @Test
  void concurrentRequests_areCountedExactly_andNoneIsLeftInProgress() throws Exception {
    Server server = new Server();
    LocalConnector connector = new LocalConnector(server);
    server.addConnector(connector);
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServletContainerInitializer(
        (classes, servlets) -> {
          ContractApp.addFilter(servlets, new HttpMetricsFilter(fixture.metrics));
          ContractApp.addServlet(
              servlets,
              new Route(
                  (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                    waiting.add(async);
                  }),
              "/async");
        });
    server.setHandler(context);
    server.start();
    try {
      List<LocalConnector.LocalEndPoint> clients = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        clients.add(connector.executeRequest("GET /async HTTP/1.1\r\nHost: h\r\n\r\n"));
      }
      await().atMost(Duration.ofMinutes(1)).until(() -> waiting.size() == REQUESTS);
      assertThat(fixture.inProgress()).isEqualTo(REQUESTS);
      assertThat(fixture.requests()).isZero();

      completeAllFromManyThreads();

      fixture.awaitRequests(REQUESTS);
      assertThat(fixture.counts())
          .isEqualTo(
              Map.of(
                  series("/async", "GET", "2xx"), REQUESTS / 2.0,
                  series("/async", "GET", "5xx"), REQUESTS / 2.0));
      for (LocalConnector.LocalEndPoint client : clients) {
        assertThat(client.getResponse()).startsWith("HTTP/1.1 ");
      }
    } finally {
      server.stop();
    }
  }

  private void completeAllFromManyThreads() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    int number = 0;
    for (AsyncContext async : waiting) {
      int status = number++ % 2 == 0 ? 200 : 503;
      threads.execute(
          () -> {
            ((HttpServletResponse) async.getResponse()).setStatus(status);
            async.complete();
          });
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
  }
}
