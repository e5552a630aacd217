package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Readers that ask for a scrape and do not read it, on a server of ten threads. */
@Tag("container")
class SlowReadersTest {
  private static final int READERS = 50;

  /** More than the buffers of a connection take, so that the server has to wait for the reader. */
  private static final int SERIES = 20_000;

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final List<Socket> readers = new ArrayList<>();

  @BeforeEach
  void fillRegistry() {
    Gauge gauge = Gauge.builder().name("filler").labelNames("number").register(registry);
    for (int i = 0; i < SERIES; i++) {
      gauge.labelValues(Integer.toString(i)).set(i);
    }
  }

  @AfterEach
  void closeReaders() throws IOException {
    for (Socket reader : readers) {
      reader.close();
    }
  }

  private MetricsServletBuilder servlet() {
    MetricsServletBuilder builder = MetricsServlet.builder().registry(registry);
    builder.maxUnsentKibibytes = 1024 * 1024;
    return builder;
  }

  private static RunningServer start(Container container, MetricsServletBuilder servlet)
      throws Exception {
    return container.start(
        context -> {
          ContractApp.addServlet(context, servlet.build(), "/metrics");
          ContractApp.addServlet(
              context, new Route((request, response) -> response.setStatus(204)), "/predict");
        });
  }

  private Socket askAndDoNotRead(RunningServer server) throws IOException {
    Socket reader = new Socket();
    readers.add(reader);
    reader.setReceiveBufferSize(1024);
    reader.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    reader
        .getOutputStream()
        .write("GET /metrics HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return reader;
  }

  @ParameterizedTest
  @EnumSource
  void slowReaders_holdNoThread_andOthersAreServed(Container container) throws Exception {
    MetricsServletBuilder servlet = servlet().maxConcurrentScrapes(READERS);
    servlet.sendTimeoutMillis = 120_000;
    try (RunningServer server = start(container, servlet)) {
      for (int i = 0; i < READERS; i++) {
        askAndDoNotRead(server);
      }
      // Each has begun to get its answer, and none the whole of it.
      for (Socket reader : readers) {
        assertThat(reader.getInputStream().read()).isEqualTo('H');
      }

      for (int i = 0; i < 500; i++) {
        assertThat(server.get("/predict").statusCode()).isEqualTo(204);
      }
      assertThat(server.get("/metrics").body()).hasLineCount(SERIES + 4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowReader_takesTheRoomOfOthers(Container container) throws Exception {
    MetricsServletBuilder servlet = servlet();
    servlet.sendTimeoutMillis = 120_000;
    servlet.maxUnsentKibibytes = 1;
    try (RunningServer server = start(container, servlet)) {
      assertThat(askAndDoNotRead(server).getInputStream().read()).isEqualTo('H');

      assertThat(server.get("/metrics").statusCode()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @EnumSource
  void slowReader_losesItsConnection_whenTheTimeIsOut(Container container) throws Exception {
    MetricsServletBuilder servlet = servlet();
    servlet.sendTimeoutMillis = 5_000;
    // Room for one scrape, so that the next one shows that it was given back.
    servlet.maxUnsentKibibytes = 1;
    try (RunningServer server = start(container, servlet)) {
      Socket reader = askAndDoNotRead(server);
      assertThat(reader.getInputStream().read()).isEqualTo('H');

      // On a busy machine the time may be out for this reader, too: it is cut off, and asks again.
      await()
          .atMost(LIMIT)
          .ignoreExceptionsInstanceOf(IOException.class)
          .until(() -> server.get("/metrics").statusCode() == 200);
      assertThat(readToTheEnd(reader)).isLessThan(SERIES * 10L);
    }
  }

  private static long readToTheEnd(Socket reader) throws IOException {
    reader.setSoTimeout((int) LIMIT.toMillis());
    try {
      return reader.getInputStream().readAllBytes().length;
    } catch (java.net.SocketException connectionReset) {
      return 0;
    }
  }
}
