package io.kubeserve.metrics.live;

import io.kubeserve.metrics.PredictionMetrics;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link LivePage}. Every method checks immediately what it is given. For
 * one thread.
 *
 * @since 0.1.0
 */
public final class LivePageBuilder {
  private static final Set<String> WEB = Set.of("http", "https");

  final PredictionMetrics metrics;
  @Nullable Supplier<? extends Map<String, Long>> requests;
  @Nullable URI grafana;
  private String scrapePath = "../metrics";
  private boolean scrapeLink = true;

  /** As the objective of the chart's alerts. */
  Duration slowAbove = Duration.ofMillis(500);

  LivePageBuilder(PredictionMetrics metrics) {
    this.metrics = Objects.requireNonNull(metrics, "metrics");
  }

  /**
   * Shows HTTP requests by status, too.
   *
   * @param byStatus how many were answered since the start, by the value of the label {@code
   *     status}: {@code http::requestsByStatus} of an {@code HttpMetrics}; asked once a second
   * @return this
   */
  public LivePageBuilder requests(Supplier<? extends Map<String, Long>> byStatus) {
    this.requests = Objects.requireNonNull(byStatus, "byStatus");
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
  public LivePageBuilder slowAbove(Duration p95) {
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
  public LivePageBuilder scrapePath(String path) {
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
  public LivePageBuilder scrapeLink(boolean shown) {
    this.scrapeLink = shown;
    return this;
  }

  /**
   * Links to the dashboards in a Grafana; by default the links lead to their files.
   *
   * @param address the address of Grafana, as people's browsers reach it
   * @return this
   * @throws IllegalArgumentException if it is not an address of the web
   */
  public LivePageBuilder grafana(URI address) {
    String scheme = address.getScheme();
    if (scheme == null || !WEB.contains(scheme.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "The address of Grafana begins with http:// or https://, not as %s.".formatted(address));
    }
    this.grafana = address;
    return this;
  }

  /** Returns where the link to the scrape leads; {@code null} if there is none. */
  @Nullable String scrape() {
    return scrapeLink ? scrapePath : null;
  }

  /**
   * Builds the page.
   *
   * @return a page that takes no samples yet
   * @throws IllegalStateException if uPlot is not among the dependencies
   */
  public LivePage build() {
    return new LivePage(this);
  }
}
