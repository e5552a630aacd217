package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every way an asynchronous request can end: counted once, with the right status. */
@Tag("container")
class AsyncTest {
  private final FilterFixture fixture = new FilterFixture();

  private RunningServer start(Container container, Route.Body body) throws Exception {
    return container.start(
        context -> {
          ContractApp.addFilter(context, new HttpMetricsFilter(fixture.metrics));
          ContractApp.addServlet(context, new Route(body), "/async");
          ContractApp.addServlet(
              context, new Route((request, response) -> response.setStatus(201)), "/target");
        });
  }

  private void assertCountedOnce(String status) {
    fixture.awaitRequests(1);
    assertThat(fixture.counts()).isEqualTo(Map.of(series("/async", "GET", status), 1.0));
  }

  @ParameterizedTest
  @EnumSource
  void complete_onAnotherThread_countsTheStatusWhenItEnds(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              new Thread(
                      () -> {
                        fixture.ticker.advance(Duration.ofSeconds(2));
                        response.setStatus(202);
                        async.complete();
                      })
                  .start();
            })) {
      assertThat(server.get("/async").statusCode()).isEqualTo(202);
      assertCountedOnce("2xx");
    }
    assertThat(fixture.scrape().value("http_request_duration_highr_seconds_sum")).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void complete_withinTheServlet_countsOnce(Container container) throws Exception {
    try (RunningServer server =
        start(container, (request, response) -> request.startAsync().complete())) {
      assertThat(server.get("/async").statusCode()).isEqualTo(200);
      assertCountedOnce("2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void complete_afterALengthWasDeclared_countsTheLength(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync(request, response);
              async.start(
                  () -> {
                    write(async, 300);
                    async.complete();
                  });
            })) {
      assertThat(server.get("/async").body()).hasSize(300);
      assertCountedOnce("2xx");
    }
    assertThat(fixture.scrape().value("http_response_size_bytes_sum{handler=\"/async\"}"))
        .isEqualTo(300);
  }

  private static void write(AsyncContext async, int length) {
    HttpServletResponse response = (HttpServletResponse) async.getResponse();
    response.setContentLength(length);
    try {
      response.getOutputStream().write(new byte[length]);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeout_thatNobodyAnswers_countsAServerError(Container container) throws Exception {
    try (RunningServer server =
        start(container, (request, response) -> request.startAsync().setTimeout(50))) {
      assertThat(server.get("/async").statusCode()).isGreaterThanOrEqualTo(500);
      assertCountedOnce("5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void timeout_thatTheApplicationAnswers_countsItsStatus(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(50);
              async.addListener(
                  new OnTimeout(
                      () -> {
                        response.setStatus(408);
                        async.complete();
                      }));
            })) {
      assertThat(server.get("/async").statusCode()).isEqualTo(408);
      assertCountedOnce("4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thrown_inStart_countsAServerError(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(500);
              async.start(
                  () -> {
                    throw new IllegalStateException("thrown in start()");
                  });
            })) {
      assertServerErrorOrNothing(rawGet(server));
      assertCountedOnce("5xx");
    }
  }

  /** Sends a request that no client sends again when the connection is closed. */
  private static String rawGet(RunningServer server) throws IOException {
    return server.raw("GET /async HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  }

  /** Jetty answers when the time is out; Tomcat may close the connection, filter or no filter. */
  private static void assertServerErrorOrNothing(String answer) {
    assertThat(answer).matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 50"));
  }

  @Test
  void thrown_inStart_beforeTheServletReturns_countsAServerError_thoughTomcatNeverCompletes()
      throws Exception {
    try (RunningServer server =
        start(
            Container.TOMCAT,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.setTimeout(500);
              async.start(
                  () -> {
                    throw new IllegalStateException("thrown in start()");
                  });
              await().until(() -> response.getStatus() == 500);
            })) {
      assertServerErrorOrNothing(rawGet(server));
      assertCountedOnce("5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thrown_afterStartAsync_countsAServerError(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              request.startAsync().setTimeout(50);
              throw new IllegalStateException("thrown after startAsync()");
            })) {
      assertServerErrorOrNothing(rawGet(server));
      assertCountedOnce("5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void error_sentFromAnotherThread_countsItsStatus(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              async.start(
                  () -> {
                    sendError(response, 429);
                    async.complete();
                  });
            })) {
      assertThat(server.get("/async").statusCode()).isEqualTo(429);
      assertCountedOnce("4xx");
    }
  }

  private static void sendError(HttpServletResponse response, int status) {
    try {
      response.sendError(status);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void dispatch_countsOnce_forTheServletThatTheClientAsked(Container container) throws Exception {
    try (RunningServer server =
        start(container, (request, response) -> request.startAsync().dispatch("/target"))) {
      assertThat(server.get("/async").statusCode()).isEqualTo(201);
      assertCountedOnce("2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void restart_afterADispatch_countsOnce_whenTheLastOneEnds(Container container) throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              if (request.getAttribute("again") == null) {
                request.setAttribute("again", true);
                async.dispatch();
              } else {
                async.start(() -> completeAfter(done, response, async));
              }
            })) {
      Thread client = new Thread(() -> get(server, "/async"));
      client.start();
      assertThat(fixture.requests()).isZero();
      done.countDown();
      client.join();
      assertCountedOnce("2xx");
    }
  }

  private static void completeAfter(
      CountDownLatch done, HttpServletResponse response, AsyncContext async) {
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    response.setStatus(203);
    async.complete();
  }

  private static void get(RunningServer server, String path) {
    try {
      server.get(path);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Undertow gives it what filters have handed on, against the specification. */
  @ParameterizedTest
  @EnumSource(names = {"JETTY", "TOMCAT"})
  void startAsync_withoutArguments_givesTheApplicationAContainersOwnRequest(Container container)
      throws Exception {
    try (RunningServer server =
        start(
            container,
            (request, response) -> {
              AsyncContext async = request.startAsync();
              boolean original =
                  async.hasOriginalRequestAndResponse()
                      && ((HttpServletRequest) async.getRequest()).getMethod().equals("GET");
              response.setStatus(original ? 200 : 500);
              async.complete();
            })) {
      assertThat(server.get("/async").statusCode()).isEqualTo(200);
    }
  }

  /** A listener with an answer for a time-out. */
  private record OnTimeout(Runnable answer) implements AsyncListener {
    @Override
    public void onTimeout(AsyncEvent event) {
      answer.run();
    }

    @Override
    public void onComplete(AsyncEvent event) {}

    @Override
    public void onError(AsyncEvent event) {}

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }
}
