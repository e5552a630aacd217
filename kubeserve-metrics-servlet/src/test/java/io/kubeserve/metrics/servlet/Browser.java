package io.kubeserve.metrics.servlet;

import com.deque.html.axecore.selenium.AxeBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import java.util.stream.StreamSupport;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A real Chromium without a window. */
final class Browser implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration SCRIPT_LIMIT = Duration.ofSeconds(60);

  private final ChromeDriver driver;

  Browser() {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setCapability("goog:loggingPrefs", logs);
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // or it does not start as root, as in CI; it sees pages of tests only
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--force-color-profile=srgb",
        "--lang=en");
    driver = new ChromeDriver(options);
    try {
      driver.manage().timeouts().scriptTimeout(SCRIPT_LIMIT);
      size(1280, 1000);
    } catch (RuntimeException e) {
      driver.quit();
      throw e;
    }
  }

  void open(String url) {
    driver.get(url);
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /** Pretends that the screen is narrow, which a window cannot be. */
  void pretendPhone(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", true));
  }

  void pretendDark(boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  String text(String css) {
    return texts(css).stream().findFirst().orElse("");
  }

  /** Returns what all elements show, at one moment: the page may replace them at any other. */
  List<String> texts(String css) {
    Object texts =
        driver.executeScript(
            "return Array.from(document.querySelectorAll(arguments[0]), e => e.innerText.replaceAll('\\t', ' ').trim());",
            css);
    return ((List<?>) Objects.requireNonNull(texts)).stream().map(String::valueOf).toList();
  }

  WebElement find(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  /** What has the keyboard's focus. */
  WebElement focused() {
    return driver.switchTo().activeElement();
  }

  /** Runs a script that returns something. */
  Object run(String script) {
    return Objects.requireNonNull(driver.executeScript(script));
  }

  /** Returns what axe-core finds wrong. */
  List<String> accessibilityFaults() {
    return new AxeBuilder()
        .analyze(driver).getViolations().stream()
            .map(rule -> rule.getId() + ": " + rule.getNodes())
            .toList();
  }

  /** Returns what was written to the console since the last call. */
  List<String> console() {
    return StreamSupport.stream(driver.manage().logs().get(LogType.BROWSER).spliterator(), false)
        .map(LogEntry::getMessage)
        .toList();
  }

  /** Returns the addresses that were asked for since the last call. */
  List<String> requests() {
    return StreamSupport.stream(
            driver.manage().logs().get(LogType.PERFORMANCE).spliterator(), false)
        .map(entry -> JSON.readTree(entry.getMessage()).at("/message"))
        .filter(event -> event.at("/method").asString().equals("Network.requestWillBeSent"))
        .map(event -> event.at("/params/request/url"))
        .map(JsonNode::asString)
        .toList();
  }

  byte[] screenshot() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  @Override
  public void close() {
    driver.quit();
  }
}
