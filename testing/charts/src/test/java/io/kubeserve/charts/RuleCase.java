package io.kubeserve.charts;

import java.util.List;
import java.util.Map;

/**
 * What Prometheus saw, a sample a minute, and what an alert makes of it.
 *
 * @param name what the case shows
 * @param alert the alert
 * @param minutes when it is looked at
 * @param series lines of a series and, after two blanks, its values in promtool's notation
 * @param firing labels of each alert that then fires, without its name
 * @param description of each of them
 */
record RuleCase(
    String name,
    String alert,
    int minutes,
    String series,
    List<Map<String, String>> firing,
    String description) {

  static RuleCase fires(
      String alert, int minutes, String series, Map<String, String> labels, String description) {
    return new RuleCase("fires", alert, minutes, series, List.of(labels), description);
  }

  static RuleCase quiet(String name, String alert, int minutes, String series) {
    return new RuleCase(name, alert, minutes, series, List.of(), "");
  }
}
