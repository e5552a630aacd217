package io.kubeserve.grafana;

import io.kubeserve.charts.Chart;
import io.kubeserve.charts.Render;
import io.kubeserve.testing.ProjectFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every expression that the project ships, as it stands in the file that ships it. */
final class Expressions {
  static final Path RULES = ProjectFiles.of("prometheus/kubeserve.rules.yaml");

  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((.*), *(\\w+)\\)", Pattern.DOTALL);

  /**
   * An expression and where it stands.
   *
   * @param place the file, and what is in it
   * @param text PromQL, with Grafana's variables
   */
  record Expression(String place, String text) {}

  private Expressions() {}

  static Stream<Expression> all() {
    return Stream.of(
            Stream.of(Dashboards.values()).flatMap(Expressions::of), rules(), autoscaling())
        .flatMap(expressions -> expressions);
  }

  private static Stream<Expression> of(Dashboards dashboard) {
    JsonNode json = dashboard.read();
    String file = dashboard.file().getFileName().toString();
    List<Expression> expressions = new ArrayList<>();
    for (JsonNode panel : json.path("panels")) {
      for (JsonNode target : panel.path("targets")) {
        expressions.add(
            new Expression(
                file + ": " + panel.path("title").asString(), target.path("expr").asString()));
      }
    }
    for (JsonNode variable : json.at("/templating/list")) {
      Matcher labelValues = LABEL_VALUES.matcher(variable.at("/query/query").asString(""));
      if (labelValues.matches()) {
        expressions.add(
            new Expression(file + ": $" + variable.path("name").asString(), labelValues.group(1)));
      }
    }
    for (JsonNode annotation : json.at("/annotations/list")) {
      if (annotation.has("expr")) {
        expressions.add(
            new Expression(
                file + ": " + annotation.path("name").asString(),
                annotation.path("expr").asString()));
      }
    }
    return expressions.stream();
  }

  static Stream<JsonNode> ruleNodes() {
    return Render.each(new YAMLMapper().readTree(RULES.toFile()).path("groups"))
        .flatMap(group -> Render.each(group.path("rules")));
  }

  private static Stream<Expression> rules() {
    return ruleNodes()
        .map(
            rule ->
                new Expression(
                    "rule " + rule.path("record").asString(rule.path("alert").asString("")),
                    rule.path("expr").asString()));
  }

  static List<String> recorded() {
    return ruleNodes().map(rule -> rule.path("record").asString("")).toList();
  }

  /** KEDA's query; the HPA has its own by prometheus-adapter, in the chart's README. */
  static Stream<Expression> autoscaling() {
    return Render.each(
            Chart.render("{fullnameOverride: iris, keda: {enabled: true}}")
                .only("ScaledObject")
                .at("/spec/triggers"))
        .map(trigger -> new Expression("KEDA", trigger.at("/metadata/query").asString()));
  }
}
