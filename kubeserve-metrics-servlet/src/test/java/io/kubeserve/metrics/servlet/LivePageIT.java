package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.kubeserve.metrics.LatencySnapshot;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.testing.RequiresProgram;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The live page as people meet it, in a real Chromium. */
@RequiresProgram({"chromium", "chromedriver"})
class LivePageIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** The page shows three digits. */
  private static final double ROUNDING = 0.006;

  private static Browser browser;

  private LiveServer server;

  @BeforeAll
  static void startBrowser() {
    browser = new Browser();
  }

  @AfterAll
  static void stopBrowser() {
    browser.close();
  }

  @BeforeEach
  void startServer() throws Exception {
    server = new LiveServer(0);
    browser.console();
    browser.requests();
  }

  private boolean startServerOn(int port) throws Exception {
    server = new LiveServer(port);
    return true;
  }

  /** How far the lines of the first chart reach: lines have a hue, and the rest is grey. */
  private static final String SHARE_OF_WIDTH =
      """
      const over = document.querySelector("#model-charts .u-over");
      const canvas = document.querySelector("#model-charts canvas");
      if (over === null) return 0.0;
      const left = Math.round(over.offsetLeft * devicePixelRatio);
      const width = Math.round(over.offsetWidth * devicePixelRatio);
      const { data } = canvas.getContext("2d").getImageData(left, 0, width, canvas.height);
      const columns = new Set();
      for (let i = 0; i < data.length; i += 4) {
        const [red, green, blue, alpha] = data.subarray(i, i + 4);
        const hue = Math.max(red, green, blue) - Math.min(red, green, blue);
        if (alpha > 200 && hue > 60) columns.add((i / 4) % width);
      }
      return columns.size / width + 1e-9;
      """;

  @AfterEach
  void stopServer() {
    server.close();
  }

  private static void eventually(ThrowingRunnable assertion) {
    await().atMost(LIMIT).untilAsserted(assertion);
  }

  /** Opens the page and waits for a model. */
  private void open() {
    browser.open(server.page());
    eventually(() -> assertThat(browser.text("#word")).isNotEmpty());
  }

  private PredictionRecorder load() {
    PredictionRecorder recorder = server.metrics.recorder("iris", "3");
    IntStream.rangeClosed(1, 1000)
        .forEach(i -> recorder.record(Duration.ofNanos(31_000L * i), Status.SUCCESS));
    IntStream.rangeClosed(1, 30)
        .forEach(i -> recorder.recordError(Duration.ofMillis(7), ErrorReason.TIMEOUT));
    recorder.timeStages(
        prediction -> {
          prediction.endStage(Stage.PREPROCESS);
          prediction.endStage(Stage.INFERENCE);
          return "";
        });
    server.http.finish(server.http.start(), "POST", "/predict", 200, 10, 10);
    recorder.start();
    return recorder;
  }

  private static Map<String, String> tiles() {
    return browser.texts("#tiles > div").stream()
        .map(tile -> tile.split("\n+"))
        .collect(Collectors.toMap(lines -> lines[0], lines -> lines[1]));
  }

  private static double millis(String tile) {
    String text = tiles().getOrDefault(tile, "");
    double value = Double.parseDouble(text.replaceAll("[^0-9.]", ""));
    return text.endsWith(" ms") ? value : value * 1000;
  }

  @Test
  void knownLoad_isShownAsTheRecorderHasIt() {
    PredictionRecorder recorder = load();
    open();

    LatencySnapshot latency = recorder.model().latency();
    eventually(() -> assertThat(browser.text("#totals")).contains("predictions 1,031 "));
    for (int percentile : new int[] {50, 95, 99}) {
      double expected = latency.quantileMillis(percentile / 100.0);
      assertThat(millis("P" + percentile)).isCloseTo(expected, within(ROUNDING * expected));
    }
    assertThat(millis("Max"))
        .isCloseTo(latency.maxMillis(), within(ROUNDING * latency.maxMillis()));
    assertThat(tiles())
        .containsEntry("Success rate", "97 %")
        .containsEntry("In flight", "1")
        .containsEntry("Predictions per second", "17.2");
    assertThat(browser.text("#name")).isEqualTo("iris, version 3");
    assertThat(browser.text("#word")).isEqualTo("Failing:");
    assertThat(browser.text("#sentence"))
        .isEqualTo(
            "1,031 predictions in the last 60 s, of which 30 failed, most of them with the reason timeout.");
    assertThat(browser.text("#totals"))
        .contains("stage: inference 1 ", "successes 1,001", "errors: timeout 30");
    assertThat(browser.text("#server-charts")).contains("HTTP responses per second", "Heap");
  }

  @Test
  void newPredictions_appearByThemselves() {
    PredictionRecorder recorder = load();
    open();
    recorder.record(Duration.ofSeconds(9), Status.SUCCESS);

    eventually(() -> assertThat(browser.text("#totals")).contains("predictions 1,032 "));
    // Far above the top bucket of prediction_latency_ms, and shown as what it is.
    assertThat(millis("Max")).isCloseTo(9000, within(100.0));
    eventually(
        () ->
            assertThat(browser.find("#model-charts .plot").getDomAttribute("aria-label"))
                .startsWith("Predictions per second: success "));
  }

  @Test
  void restart_isToldAndTheNumbersBeginAnew() throws Exception {
    load();
    open();
    int port = server.port();

    server.close();
    eventually(
        () ->
            assertThat(browser.text("#connection")).startsWith("The server does not answer since"));
    assertThat(browser.text("#totals")).contains("predictions 1,031 ");

    // A connection of anybody may have the port meanwhile.
    await().atMost(LIMIT).ignoreExceptions().until(() -> startServerOn(port));
    server.metrics.recorder("iris", "3").record(Duration.ofMillis(1), Status.SUCCESS);
    eventually(
        () -> {
          assertThat(browser.text("#connection")).startsWith("The server was restarted.");
          assertThat(browser.text("#totals")).contains("predictions 1 ");
        });
  }

  @Test
  void states_areToldInWords() {
    PredictionRecorder recorder = server.metrics.recorder();
    open();
    assertThat(browser.text("#state")).isEqualTo("Idle: No prediction in the last 60 s.");

    recorder.record(Duration.ofSeconds(2), Status.SUCCESS);
    eventually(() -> assertThat(browser.text("#state")).startsWith("Slow: One in twenty"));

    recorder.model().remove();
    eventually(() -> assertThat(browser.text("#state")).startsWith("Gone: The server has this"));
  }

  @Test
  void noModel_isToldInWords() {
    browser.open(server.page());

    eventually(
        () ->
            assertThat(browser.text("#connection"))
                .isEqualTo("Connected. The server has no model yet."));
    assertThat(browser.find("#model").isDisplayed()).isFalse();
  }

  @Test
  void nothing_isWrongInTheConsole_andNothingLeavesTheHost() {
    load();
    open();
    eventually(() -> assertThat(browser.text("#totals")).contains("predictions 1,031 "));

    assertThat(browser.console()).isEmpty();
    assertThat(browser.requests())
        .isNotEmpty()
        .allSatisfy(url -> assertThat(url).startsWith("http://127.0.0.1:" + server.port()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void accessibility_hasNoFault(boolean dark) {
    browser.pretendDark(dark);
    server.metrics.recorder("iris", "4");
    open();
    assertThat(browser.accessibilityFaults()).isEmpty();

    load();
    eventually(() -> assertThat(browser.find("#models").isDisplayed()).isTrue());
    for (var summary : browser.all("summary")) {
      summary.click();
    }
    eventually(() -> assertThat(browser.text("#server-charts table")).contains("latest first"));
    assertThat(browser.accessibilityFaults()).isEmpty();
    browser.pretendDark(false);
  }

  @Test
  void names_areTextWhateverTheyAre() {
    String name = "<script>document.title='taken'</script><img src=x onerror=alert(1)>";
    server.metrics.recorder(name, "\"><b>").run(() -> {});
    server.metrics.recorder("other", name).run(() -> {});
    open();

    assertThat(browser.text("#name")).isEqualTo(name + ", version \"><b>");
    assertThat(browser.all("#models option")).hasSize(2);
    assertThat(browser.all("main script, main img, main b")).isEmpty();
    assertThat(browser.run("return document.title")).isEqualTo("Live metrics");
  }

  @Test
  void keyboard_reachesModelsAndNumbers() {
    server.metrics.recorder("a", "1").run(() -> {});
    server.metrics.recorder("b", "1").run(() -> {});
    open();
    tabTo("models");
    browser.focused().sendKeys(Keys.ARROW_DOWN);
    eventually(() -> assertThat(browser.text("#name")).isEqualTo("b, version 1"));

    browser.focused().sendKeys(Keys.TAB);
    assertThat(browser.focused().getText()).isEqualTo("Numbers");
    browser.focused().sendKeys(Keys.ENTER);
    eventually(
        () ->
            assertThat(browser.text("#model-charts table"))
                .contains("Predictions per second, latest first", "Time success error"));
  }

  @Test
  void firstMinute_isDrawnOverTheWholeWidth() {
    load();
    open();

    eventually(() -> assertThat((Double) browser.run(SHARE_OF_WIDTH)).isGreaterThan(0.5));
  }

  private static void tabTo(String id) {
    for (int i = 0; i < 20 && !id.equals(browser.focused().getDomAttribute("id")); i++) {
      browser.focused().sendKeys(Keys.TAB);
    }
    assertThat(browser.focused().getDomAttribute("id")).isEqualTo(id);
  }

  @Test
  void phone_scrollsOneWayOnly() {
    load();
    open();
    browser.pretendPhone(360, 740);

    eventually(
        () ->
            assertThat(
                    (Long)
                        browser.run(
                            "return document.scrollingElement.scrollWidth - window.innerWidth"))
                .isZero());
    assertThat((Long) browser.run("return document.querySelector('canvas').clientWidth"))
        .isBetween(250L, 340L);
    browser.pretendPhone(0, 0);
  }

  @Test
  void links_leadToTheMetrics() {
    load();
    open();

    browser.find("#links a").click();
    eventually(() -> assertThat(browser.text("body")).contains("predictions_total"));
  }
}
