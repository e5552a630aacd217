package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.Ticker;
import io.kubeserve.metrics.http.HttpMetrics;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link LivePageServlet}. Every method checks what it is given at once. For
 * one thread.
 */
public final class LivePageServletBuilder {
  private static final Set<String> WEB = Set.of("http", "https");

  final PredictionMetrics metrics;
  @Nullable HttpMetrics http;
  @Nullable BearerToken token;
  @Nullable URI grafana;
  private String scrapePath = "../metrics";
  private boolean scrapeLink = true;

  /** As the objective of the chart's alerts. */
  Duration slowAbove = Duration.ofMillis(500);

  LivePageServletBuilder(PredictionMetrics metrics) {
    this.metrics = Objects.requireNonNull(metrics, "metrics");
  }

  /**
   * Shows HTTP requests by status, too.
   *
   * @param http what counts them
   * @return this
   */
  public LivePageServletBuilder http(HttpMetrics http) {
    this.http = Objects.requireNonNull(http, "http");
    return this;
  }

  /**
   * Sets from when on a model is called slow; by default from half a second, as by the chart's
   * alerts.
   *
   * @param p95 the longest 95th percentile, within the sliding window, of a model that is not slow;
   *     more than nothing
   * @return this
   * @throws IllegalArgumentException if it is not more than nothing
   */
  public LivePageServletBuilder slowAbove(Duration p95) {
    if (p95.isNegative() || p95.isZero()) {
      throw new IllegalArgumentException(
          "A model is slow above more than nothing, not above %s: leave slowAbove out for half a second."
              .formatted(p95));
    }
    this.slowAbove = p95;
    return this;
  }

  /**
   * Sets where the link to the scrape leads; by default to {@code ../metrics}.
   *
   * @param path a path from the root of the server, or one relative to the page
   * @return this
   * @throws IllegalArgumentException if it is an address with a scheme or a host, or none at all
   */
  public LivePageServletBuilder scrapePath(String path) {
    URI address = URI.create(path); // throws what is promised
    if (path.isBlank() || address.isAbsolute() || address.getRawAuthority() != null) {
      throw new IllegalArgumentException(
          "The path of the scrape is one of this server, such as /metrics, not %s."
              .formatted(path));
    }
    this.scrapePath = path;
    return this;
  }

  /**
   * Sets whether there is a link to the scrape; none leads to one that is on another port.
   *
   * @param shown by default there is
   * @return this
   */
  public LivePageServletBuilder scrapeLink(boolean shown) {
    this.scrapeLink = shown;
    return this;
  }

  /**
   * Links to the dashboards in a Grafana; by default the links lead to their files.
   *
   * @param address the address of Grafana, as people's browsers reach it
   * @return this
   * @throws IllegalArgumentException if it is no address of the web
   */
  public LivePageServletBuilder grafana(URI address) {
    String scheme = address.getScheme();
    if (scheme == null || !WEB.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "The address of Grafana begins with http:// or https://, not as %s.".formatted(address));
    }
    this.grafana = address;
    return this;
  }

  /**
   * Lets only those look who have the token in a file. A browser asks for it: any user name, and
   * the token as the password. Programs send it as to {@link
   * MetricsServletBuilder#bearerTokenFile}.
   *
   * @param file a file with the token, white space around it left out
   * @return this
   * @throws IllegalArgumentException if the file is empty or cannot be read, or there is a token
   *     already
   */
  public LivePageServletBuilder bearerTokenFile(Path file) {
    this.token = BearerToken.ofFile(file, Ticker.system()).unlessThereIs(token);
    return this;
  }

  /**
   * Lets only those look who have the token in a variable of the environment, as {@link
   * #bearerTokenFile} does.
   *
   * @param name the name of the variable, not the token
   * @return this
   * @throws IllegalArgumentException if the variable is not set, or there is a token already
   */
  public LivePageServletBuilder bearerTokenVariable(String name) {
    this.token = BearerToken.ofVariable(name, System.getenv(name)).unlessThereIs(token);
    return this;
  }

  /** Returns where the link to the scrape leads; {@code null} if there is none. */
  @Nullable String scrape() {
    return scrapeLink ? scrapePath : null;
  }

  /**
   * Builds the servlet.
   *
   * @return a servlet that is to be registered for {@code /live/*}, with asynchronous support
   * @throws IllegalStateException if uPlot is not among the dependencies
   */
  public LivePageServlet build() {
    return new LivePageServlet(this);
  }
}
