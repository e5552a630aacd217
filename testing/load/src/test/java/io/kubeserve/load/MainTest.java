package io.kubeserve.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kubeserve.testing.ClosedPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** The command line, against the JDK's HTTP server. */
class MainTest {
  /** As many as a load that nobody answers for a while may open; of 50, the default, some break. */
  private static final int MAX_UNACCEPTED = 1024;

  private final StringWriter table = new StringWriter();
  private final StringWriter progress = new StringWriter();
  private final CommandLine commandLine =
      Main.commandLine().setOut(new PrintWriter(table)).setErr(new PrintWriter(progress));
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger number = new AtomicInteger();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private volatile int failEach = Integer.MAX_VALUE;

  MainTest() throws IOException {
    server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), MAX_UNACCEPTED);
  }

  @BeforeEach
  void start() {
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestMethod() + ' ' + exchange.getRequestURI() + ' ' + body);
          exchange.sendResponseHeaders(number.incrementAndGet() % failEach == 0 ? 503 : 204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @Test
  void load_everyRequestArrivesAndIsInTheTableAndTheLog(@TempDir Path folder) throws Exception {
    Path hlog = folder.resolve("load.hlog");

    int exitCode =
        commandLine.execute(url(), "--rate=2000", "--max-requests=500", "--hlog=" + hlog);

    assertThat(exitCode).as("%s", table).isZero();
    assertThat(requests)
        .hasSize(500)
        .containsOnly("POST /predict {\"data\": [[5.1, 3.5, 1.4, 0.2]]}");
    assertThat(table.toString()).contains("500 requests in", "204 ", "P99.9 ", "max ");
    assertThat(progress.toString()).contains("500 sent, 500 answered, 0 failed");
    assertThat(count(hlog)).isEqualTo(500);
  }

  private static long count(Path hlog) throws IOException {
    long count = 0;
    try (HistogramLogReader log = new HistogramLogReader(hlog.toFile())) {
      for (EncodableHistogram interval = log.nextIntervalHistogram();
          interval != null;
          interval = log.nextIntervalHistogram()) {
        count += ((org.HdrHistogram.Histogram) interval).getTotalCount();
      }
    }
    return count;
  }

  @Test
  void load_moreFailThanMay_saysSo() {
    failEach = 10;

    assertThat(commandLine.execute(url(), "--rate=2000", "--max-requests=100")).isEqualTo(1);
    assertThat(table.toString()).contains("10.000 % of the requests failed, more than 0.0 %.");
    assertThat(commandLine.execute(url(), "--rate=2000", "--max-requests=100", "--max-failed=10"))
        .isZero();
  }

  @Test
  void load_slowerThanMay_saysSo() {
    int exitCode =
        commandLine.execute(url(), "--rate=2000", "--max-requests=100", "--max-p99=PT0.000001S");

    assertThat(exitCode).isEqualTo(1);
    assertThat(table.toString()).contains("The 99th percentile is ");
  }

  @Test
  void load_nothingListens_isAFailureOfEach() throws IOException {
    try (ClosedPort port = new ClosedPort()) {
      String url = "http://" + port.address();

      assertThat(commandLine.execute(url, "--rate=2000", "--max-requests=20")).isEqualTo(1);
    }
    assertThat(table.toString()).contains("ConnectException", "100.000 % of the requests failed");
  }

  @ParameterizedTest
  @CsvSource({"batch, POST /predict", "HEALTH, GET /health"})
  void task_saysWhatIsAskedFor(String task, String request) {
    assertThat(commandLine.execute(url(), "--task=" + task, "--max-requests=1")).isZero();
    assertThat(requests).singleElement().asString().startsWith(request);
  }

  @Test
  void target_none_isRefused() {
    assertThat(commandLine.execute()).isEqualTo(2);
    assertThat(progress.toString()).contains("Missing required parameter: 'URL'");
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "localhost:8080 | URL must be that of a server",
        "ftp://localhost | URL must be that of a server",
        "http:/// | URL must be that of a server",
        "--rate=0 http://h | --rate must be more than 0",
        "--rate=NaN http://h | --rate must be more than 0",
        "--duration=PT0S http://h | --duration must be more than nothing",
        "--duration=PT25H http://h | --duration must be more than nothing and at most a day",
        "--max-requests=0 http://h | must be at least 1",
        "--max-outstanding=0 http://h | must be at least 1",
        "--timeout=PT0S http://h | --timeout must be more than nothing",
        "--max-failed=101 http://h | --max-failed is from 0 to 100",
        "--hlog=no/such/folder http://h | --hlog cannot be written",
      })
  void option_wrong_isRefusedWithASentence(String arguments, String message) {
    assertThat(commandLine.execute(arguments.split(" "))).isEqualTo(2);
    assertThat(progress.toString()).contains(message);
  }
}
