package io.kubeserve.metrics.spring;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code kubeserve.metrics.*}. Immutable.
 *
 * @param enabled Whether there are metrics of predictions and requests at all.
 * @param model Name of the model that the recorder to inject is for; without it, its series have no
 *     label of a model.
 * @param version Version of that model.
 * @param maxModels Most models with series of their own; later ones share the label "other".
 * @param buckets Upper bounds of the buckets of prediction_latency_ms in milliseconds, rising; the
 *     dashboards expect the default.
 * @param labels Labels that every series of predictions gets, by name.
 * @param labelNames Names of the labels whose values the application gives by withLabelValues.
 * @param maxLabelSets Most combinations of their values with series of their own; in later ones
 *     each value is "other".
 * @param stages Stages of the application's own, beside queue, preprocess, inference and
 *     postprocess.
 * @param errorReasons Error reasons of the application's own, beside timeout, cancelled, rejected,
 *     invalid_input and other.
 * @param nativeHistogram Whether prediction_latency_ms is a native histogram too.
 * @param exemplars Whether predictions carry the trace that they are part of.
 * @param quantiles Quantiles between 0 and 1 that are shown as gauges, over the window.
 * @param window Length of the sliding window of those gauges.
 * @param http Metrics of HTTP requests.
 * @param scrapePath Path of the scrape where Actuator has none for Prometheus.
 * @param summary The summary of the models as JSON.
 * @param health The health of the models in Actuator.
 * @param live The live page.
 */
@ConfigurationProperties("kubeserve.metrics")
record KubeserveMetricsProperties(
    @DefaultValue("true") boolean enabled,
    @Nullable String model,
    @Nullable String version,
    @Nullable Integer maxModels,
    @Nullable List<Double> buckets,
    @DefaultValue Map<String, String> labels,
    @DefaultValue List<String> labelNames,
    @Nullable Integer maxLabelSets,
    @DefaultValue List<String> stages,
    @DefaultValue List<String> errorReasons,
    @DefaultValue("false") boolean nativeHistogram,
    @DefaultValue("true") boolean exemplars,
    @DefaultValue List<Double> quantiles,
    @Nullable Duration window,
    @DefaultValue Http http,
    @DefaultValue("/metrics") String scrapePath,
    @DefaultValue Summary summary,
    @DefaultValue Health health,
    @DefaultValue Live live) {

  /** What all properties begin with. */
  static final String PREFIX = "kubeserve.metrics";

  /**
   * Returns the path of the scrape, once it is found to be one.
   *
   * @return begins with a slash
   */
  @Override
  public String scrapePath() {
    InvalidPropertyException.check("scrape-path", scrapePath, () -> requirePath(scrapePath));
    return scrapePath;
  }

  private static void requirePath(String path) {
    if (!path.matches("/|(/[\\w.~-]+)+/?")) {
      throw new IllegalArgumentException(
          "The path of the scrape begins with a slash and has no pattern, such as /metrics.");
    }
  }

  /** Where the summary is, wherever Actuator has its scrape. */
  String summaryPath() {
    String path = scrapePath();
    return path.endsWith("/") ? path + "summary" : path + "/summary";
  }

  /**
   * The properties {@code kubeserve.metrics.http.*}. Immutable.
   *
   * @param enabled Whether HTTP requests are measured.
   * @param exactStatus Whether the label status is the number, 404, and not its class, 4xx.
   * @param inProgress Whether http_requests_inprogress is shown.
   * @param countBytes Whether bodies without a declared length are counted as they pass; servlets
   *     only.
   * @param maxHandlers Most routes with series of their own; later ones share the label "other".
   * @param excludedPaths Paths that are not measured, such as /internal or /internal/*; by default
   *     those of Actuator, of the scrape, of the summary and of the live page.
   */
  record Http(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("false") boolean exactStatus,
      @DefaultValue("false") boolean inProgress,
      @DefaultValue("false") boolean countBytes,
      @Nullable Integer maxHandlers,
      @Nullable List<String> excludedPaths) {}

  /**
   * The properties {@code kubeserve.metrics.summary.*}. Immutable.
   *
   * @param enabled Whether the models are shown as JSON at /summary below the path of the scrape.
   */
  record Summary(@DefaultValue("false") boolean enabled) {}

  /**
   * The properties {@code kubeserve.metrics.live.*}. Immutable.
   *
   * @param enabled Whether there is a page that shows the models and the server.
   * @param path Path of the page.
   * @param slowAbove From which 95th percentile on the page calls a model slow; by default half a
   *     second.
   * @param grafana Address of the Grafana that has the dashboards, for the links of the page.
   */
  record Live(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("/live") String path,
      @Nullable Duration slowAbove,
      @Nullable URI grafana) {}

  /**
   * The properties {@code kubeserve.metrics.health.*}. Immutable.
   *
   * @param enabled Whether Actuator's health has the component "models", which is out of service
   *     while a model is being loaded.
   */
  record Health(@DefaultValue("true") boolean enabled) {}
}
