package io.kubeserve.charts;

import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Values that the rules are rendered with, and what is expected of them. */
enum RuleValues {
  ONE_DEPLOYMENT(99, 95, 500, 30, Map.of()),
  ALL_DEPLOYMENTS(99, 95, 500, 30, Map.of()),
  OWN_OBJECTIVES(99.9, 99.5, 200, 7, Map.of("team", "ml"));

  private final double availability;
  private final double latency;
  private final int thresholdMillis;
  private final int windowDays;

  @SuppressWarnings("ImmutableEnumChecker") // made by Map.of
  private final Map<String, String> labels;

  RuleValues(
      double availability,
      double latency,
      int thresholdMillis,
      int windowDays,
      Map<String, String> labels) {
    this.availability = availability;
    this.latency = latency;
    this.thresholdMillis = thresholdMillis;
    this.windowDays = windowDays;
    this.labels = labels;
  }

  double availability() {
    return availability;
  }

  double latency() {
    return latency;
  }

  int thresholdMillis() {
    return thresholdMillis;
  }

  int windowDays() {
    return windowDays;
  }

  Map<String, String> labels() {
    return labels;
  }

  String number(double value) {
    return value == Math.rint(value)
        ? String.valueOf((long) value)
        : String.format(Locale.ROOT, "%s", value);
  }

  /** The groups, as a plain rule file has them. */
  JsonNode groups() {
    return Chart.render(text()).only("PrometheusRule").at("/spec/groups");
  }

  private String text() {
    return switch (this) {
      case ONE_DEPLOYMENT ->
          "{fullnameOverride: iris, monitoring: {prometheusRule: {enabled: true}}}";
      case ALL_DEPLOYMENTS -> "monitoring: {prometheusRule: {enabled: true, allDeployments: true}}";
      case OWN_OBJECTIVES ->
          """
          fullnameOverride: iris
          monitoring:
            prometheusRule:
              enabled: true
              additionalRuleLabels: {team: ml}
              slo:
                windowDays: 7
                minPredictions: 20
                availability: {objectivePercent: 99.9}
                latency: {objectivePercent: 99.5, thresholdMillis: 200}
          """;
    };
  }
}
