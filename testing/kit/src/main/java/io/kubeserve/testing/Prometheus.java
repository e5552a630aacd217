package io.kubeserve.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** A real Prometheus on a port of the loopback that it chooses. */
public final class Prometheus implements AutoCloseable {
  /** What the programs of the Prometheus project print once they listen. */
  private static final Pattern LISTENING =
      Pattern.compile("\"?Listening on\"? address=(127\\.0\\.0\\.1:\\d+)");

  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ChildProcess process;
  private final Http http;
  private final Path data;

  private Prometheus(ChildProcess process, Http http, Path data) {
    this.process = process;
    this.http = http;
    this.data = data;
  }

  /** Starts one that scrapes a server every second; the folder must be its own. */
  public static Prometheus scraping(String target, Path folder, String... flags) throws Exception {
    return start(
        """
        global:
          scrape_interval: 1s
        scrape_configs:
          - job_name: example
            static_configs:
              - targets: ["%s"]
        """
            .formatted(URI.create(target).getAuthority()),
        folder,
        flags);
  }

  /** Starts one and waits until it is ready; the folder must be its own. */
  public static Prometheus start(String configuration, Path folder, String... flags)
      throws Exception {
    Files.createDirectories(folder);
    Path data = folder.resolve("data");
    Path file = Files.writeString(folder.resolve("prometheus.yml"), configuration);
    List<String> command =
        new ArrayList<>(
            List.of(
                "prometheus",
                "--config.file=" + file,
                "--storage.tsdb.path=" + data,
                "--web.listen-address=127.0.0.1:0"));
    command.addAll(List.of(flags));
    return Started.by(
        started -> {
          ChildProcess process = started.add(ChildProcess.start(command));
          Http http = new Http("http://" + addressOf(process));
          await()
              .atMost(LIMIT)
              .ignoreExceptions()
              .until(() -> http.get("/-/ready").statusCode() == 200);
          return new Prometheus(process, http, data);
        });
  }

  /** Waits until a program of the Prometheus project listens on a port that it has chosen. */
  public static String addressOf(ChildProcess process) throws InterruptedException {
    return process.awaitLine(LISTENING, LIMIT).group(1);
  }

  /**
   * A port that nothing listens on yet, for a server that must be told one: it may be taken before
   * the server listens. One that can choose is asked for port 0, and says which it has.
   */
  public static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Calls the HTTP API and returns its data. */
  public JsonNode api(String pathAndQuery) {
    return answer(http.get("/api/v1/" + pathAndQuery));
  }

  /** Writes all that it has into blocks, and returns their folder; wants its admin API enabled. */
  public Path snapshot() {
    JsonNode answer =
        answer(http.post("/api/v1/admin/tsdb/snapshot", HttpRequest.BodyPublishers.noBody()));
    return data.resolve("snapshots").resolve(answer.get("name").asString());
  }

  /** A client of it, for its own metrics too. */
  public Http http() {
    return http;
  }

  private static JsonNode answer(HttpResponse<String> response) {
    JsonNode answer = Http.json(response);
    if (!answer.path("status").asString().equals("success")) {
      throw new AssertionError(answer.path("error").asString());
    }
    return answer.get("data");
  }

  /** The result of a query at this moment. */
  public JsonNode query(String promql) {
    return api("query?query=" + encode(promql)).get("result");
  }

  /** The result of a query at a moment in the past. */
  public JsonNode query(String promql, double epochSeconds) {
    return api("query?query=%s&time=%s".formatted(encode(promql), decimal(epochSeconds)))
        .get("result");
  }

  /** The result of a query over some seconds until a moment, a sample a second. */
  public JsonNode range(String promql, double epochSeconds, int seconds) {
    return api("query_range?query=%s&start=%s&end=%s&step=1"
            .formatted(encode(promql), decimal(epochSeconds - seconds), decimal(epochSeconds)))
        .get("result");
  }

  private static String decimal(double epochSeconds) {
    return String.format(Locale.ROOT, "%.3f", epochSeconds);
  }

  /** Makes a query fit for an address. */
  public static String encode(String promql) {
    return URLEncoder.encode(promql, StandardCharsets.UTF_8);
  }

  /** The value of a query that has one result, or NaN. */
  public double value(String promql) {
    JsonNode result = query(promql);
    return result.size() == 1 && result.get(0).has("value")
        ? Double.parseDouble(result.get(0).get("value").get(1).asString())
        : Double.NaN;
  }

  @Override
  public void close() {
    process.stop();
  }
}
