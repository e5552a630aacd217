package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients make up must not become series or memory. */
@Tag("container")
class HostileRequestsTest {
  private static final int REQUESTS = 100_000;
  private static final int WARM_UP = 20_000;
  private static final int PIPELINED = 50;
  private static final long TOLERATED_BYTES = 2L << 20;

  private final FilterFixture fixture = new FilterFixture();
  private final Random random = new Random(20_261_123);

  @ParameterizedTest
  @EnumSource
  void randomRequests_leaveAFewSeries_andTheHeapAsItWas(Container container) throws Exception {
    try (RunningServer server =
        container.start(
            context -> {
              ContractApp.addFilter(context, new HttpMetricsFilter(fixture.metrics));
              ContractApp.addServlet(
                  context,
                  new Route((request, response) -> response.setStatus(200)),
                  "/predict",
                  "/api/*");
              ContractApp.addServlet(
                  context, new Route((request, response) -> response.setStatus(404)), "/");
            })) {
      send(server, WARM_UP);
      Set<String> series = fixture.scrape().series();
      long heap = usedHeapBytes();

      send(server, REQUESTS);

      assertThat(fixture.scrape().series()).isEqualTo(series);
      assertThat(usedHeapBytes() - heap).isLessThan(TOLERATED_BYTES);
      // Handlers /predict, /api/* and none, each with eight methods and one status.
      assertThat(fixture.counts()).hasSize(24);
      fixture.awaitRequests(WARM_UP + REQUESTS);
    }
  }

  private void send(RunningServer server, int count) throws IOException {
    try (Socket socket = server.connect()) {
      OutputStream out = socket.getOutputStream();
      InputStream in = new BufferedInputStream(socket.getInputStream());
      for (int sent = 0; sent < count; sent += PIPELINED) {
        ByteArrayOutputStream requests = new ByteArrayOutputStream();
        for (int i = 0; i < PIPELINED; i++) {
          requests.writeBytes(randomRequest().getBytes(StandardCharsets.US_ASCII));
        }
        requests.writeTo(out);
        for (int i = 0; i < PIPELINED; i++) {
          readResponse(in);
        }
      }
    }
  }

  private String randomRequest() {
    // Without TRACE and CONNECT: containers answer those themselves.
    String[] methods = {
      "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", word().toUpperCase(Locale.ROOT)
    };
    String[] paths = {"/predict", "/api/" + word(), "/" + word(), "/" + word() + "/" + word()};
    return "%s %s?%s=%s HTTP/1.1\r\nHost: h\r\nX-%s: %s\r\nAccept: %s\r\n\r\n"
        .formatted(
            methods[random.nextInt(methods.length)],
            paths[random.nextInt(paths.length)],
            word(),
            word(),
            word(),
            word(),
            word());
  }

  private String word() {
    return random
        .ints(1 + random.nextInt(30), 'a', 'z' + 1)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /** Every answer is without a body. */
  private static void readResponse(InputStream in) throws IOException {
    String line = readLine(in);
    assertThat(line).startsWith("HTTP/1.1 ");
    while (!line.isEmpty()) {
      line = readLine(in);
    }
  }

  private static String readLine(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the server has closed the connection");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private static long usedHeapBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }
}
