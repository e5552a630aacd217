package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that breaks its upload off is at fault, whatever the container and the server do. */
@Tag("container")
class BrokenUploadTest {
  private static final String HEAD = "POST /upload HTTP/1.1\r\nHost: h\r\n";
  private static final String NO_BODY = HEAD + "Content-Length: 32\r\n\r\n";
  private static final String FORM =
      HEAD + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 32\r\n\r\na=";
  private static final String PARTS =
      HEAD
          + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 320\r\n\r\n"
          + "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx";

  private final FilterFixture fixture = new FilterFixture();
  private final CountDownLatch begun = new CountDownLatch(1);

  private RunningServer start(Container container, boolean countBytes, Route.Body body)
      throws Exception {
    HttpMetricsFilterBuilder filter = HttpMetricsFilter.builder(fixture.metrics);
    return container.start(
        context -> {
          ContractApp.addFilter(
              context, countBytes ? filter.countBytes(true).build() : filter.build());
          ServletRegistration.Dynamic servlet =
              context.addServlet(
                  "upload",
                  new Route(
                      (request, response) -> {
                        begun.countDown();
                        body.answer(request, response);
                      }));
          servlet.setAsyncSupported(true);
          servlet.setMultipartConfig(new MultipartConfigElement(""));
          servlet.addMapping("/upload");
        });
  }

  private void assertCounted(String status) {
    fixture.awaitRequests(1);
    assertThat(fixture.counts()).isEqualTo(Map.of(series("/upload", "POST", status), 1.0));
  }

  private void send(RunningServer server, String bytes, boolean reset) throws Exception {
    try (Socket socket = server.connect()) {
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
      begun.await();
      if (reset) {
        socket.setSoLinger(true, 0);
      }
    }
  }

  private static Stream<Arguments> servers() {
    return Stream.of(Container.values())
        .flatMap(
            container ->
                Stream.of(
                        Named.<Route.Body>of("lets it through", BrokenUploadTest::read),
                        Named.<Route.Body>of("wraps it", BrokenUploadTest::wrap),
                        Named.<Route.Body>of(
                            "reads text", (req, res) -> req.getReader().readLine()),
                        Named.<Route.Body>of("reads bytes", BrokenUploadTest::readBytes),
                        Named.<Route.Body>of("swallows it", BrokenUploadTest::swallow),
                        Named.<Route.Body>of("answers 500", BrokenUploadTest::answer500),
                        Named.<Route.Body>of("sends 500", BrokenUploadTest::sendError500),
                        Named.<Route.Body>of("answers 422", BrokenUploadTest::answer422),
                        Named.<Route.Body>of(
                            "reads on another thread", BrokenUploadTest::readOnThread),
                        Named.<Route.Body>of("listens", BrokenUploadTest::listen))
                    .map(server -> Arguments.of(container, server)));
  }

  private static void read(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    request.getInputStream().readAllBytes();
  }

  private static void readBytes(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    int value = 0;
    while (value >= 0) {
      value = request.getInputStream().read();
    }
  }

  private static void wrap(HttpServletRequest request, HttpServletResponse response) {
    try {
      read(request, response);
    } catch (IOException e) {
      throw new IllegalStateException("a framework's own exception", e);
    }
  }

  private static void swallow(HttpServletRequest request, HttpServletResponse response) {
    try {
      read(request, response);
    } catch (IOException | RuntimeException e) {
      // As a server does that goes on with what it has.
    }
  }

  private static void answer500(HttpServletRequest request, HttpServletResponse response) {
    try {
      read(request, response);
    } catch (IOException | RuntimeException e) {
      response.setStatus(500);
    }
  }

  private static void sendError500(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    try {
      read(request, response);
    } catch (IOException | RuntimeException e) {
      response.sendError(500);
    }
  }

  private static void answer422(HttpServletRequest request, HttpServletResponse response) {
    try {
      read(request, response);
    } catch (IOException | RuntimeException e) {
      response.setStatus(422);
    }
  }

  private static void readOnThread(HttpServletRequest request, HttpServletResponse response) {
    AsyncContext async = request.startAsync();
    async.setTimeout(10_000);
    async.start(
        () -> {
          swallow(request, response);
          async.complete();
        });
  }

  private static void listen(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    AsyncContext async = request.startAsync(request, response);
    ServletInputStream in = request.getInputStream();
    in.setReadListener(
        new ReadListener() {
          @Override
          public void onDataAvailable() throws IOException {
            while (in.isReady() && !in.isFinished()) {
              in.read(new byte[8]);
            }
          }

          @Override
          public void onAllDataRead() {
            async.complete();
          }

          @Override
          public void onError(Throwable clientIsGone) {
            async.complete();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("servers")
  void upload_thatIsReset_countsAsTheClientsFault(Container container, Route.Body body)
      throws Exception {
    try (RunningServer server = start(container, false, body)) {
      send(server, NO_BODY, true);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void upload_thatEndsEarly_countsAsTheClientsFault(Container container, Route.Body body)
      throws Exception {
    try (RunningServer server = start(container, true, body)) {
      send(server, NO_BODY + "a part of it", false);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void upload_thatEndsEarly_withoutCounting_countsAsTheClientsFault(
      Container container, Route.Body body) throws Exception {
    try (RunningServer server = start(container, false, body)) {
      send(server, NO_BODY + "a part of it", false);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @MethodSource("servers")
  void chunk_thatIsBrokenOff_countsAsTheClientsFault(Container container, Route.Body body)
      throws Exception {
    try (RunningServer server = start(container, false, body)) {
      send(server, HEAD + "Transfer-Encoding: chunked\r\n\r\n20\r\npart", true);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void form_thatIsReset_countsAsTheClientsFault(Container container) throws Exception {
    try (RunningServer server =
        start(container, false, (request, response) -> request.getParameter("a"))) {
      send(server, FORM, true);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void parts_thatAreReset_countAsTheClientsFault(Container container) throws Exception {
    try (RunningServer server =
        start(container, false, (request, response) -> request.getParts())) {
      send(server, PARTS, true);
      assertCounted("4xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void ioException_ofTheServer_isAServerError(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            false,
            (request, response) -> {
              request.getInputStream().readAllBytes();
              throw new IOException("the model's file is gone");
            })) {
      assertThat(server.send("POST", "/upload", "body").statusCode()).isEqualTo(500);
      assertCounted("5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_afterTheServerClosedTheBody_isNoFaultOfTheClient(Container container) throws Exception {
    try (RunningServer server =
        start(
            container,
            false,
            (request, response) -> {
              InputStream in = request.getInputStream();
              in.close();
              try {
                in.read();
              } catch (IOException | RuntimeException closed) {
                // What some containers say.
              }
              throw new IOException("a bug");
            })) {
      server.send("POST", "/upload", "body");
      assertCounted("5xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void read_thatFailsAfterTheAnswerWasSent_countsTheAnswer(Container container) throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    try (RunningServer server =
        start(
            container,
            false,
            (request, response) -> {
              response.setStatus(202);
              response.flushBuffer();
              answered.countDown();
              request.getInputStream().readAllBytes();
            })) {
      try (Socket socket = server.connect()) {
        socket.getOutputStream().write(NO_BODY.getBytes(StandardCharsets.US_ASCII));
        answered.await();
        assertThat(socket.getInputStream().read()).isEqualTo('H');
        socket.setSoLinger(true, 0);
      }
      assertCounted("2xx");
    }
  }

  @ParameterizedTest
  @EnumSource
  void client_thatLeavesBeforeAServerErrorIsWritten_hidesNothing(Container container)
      throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    try (RunningServer server =
        start(
            container,
            false,
            (request, response) -> {
              request.getInputStream().readAllBytes();
              begun.countDown();
              await(gone);
              response.setStatus(500);
            })) {
      send(server, HEAD + "Content-Length: 4\r\n\r\nbody", true);
      gone.countDown();
      assertCounted("5xx");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
