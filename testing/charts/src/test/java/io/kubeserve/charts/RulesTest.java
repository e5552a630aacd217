package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.testing.ChildProcess;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What the real promtool says of the rules, at several values. */
@RequiresProgram("promtool")
class RulesTest {
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Path FOLDER = Path.of("target", "rules");
  private static final int MINUTES_OF_A_DAY = 24 * 60;
  private static final YAMLMapper YAML = new YAMLMapper();

  @ParameterizedTest
  @EnumSource
  void rules_areValid(RuleValues values) throws Exception {
    assertThat(promtool("check", "rules", write(values).toString()))
        .contains("SUCCESS: ")
        .doesNotContain("FAILED");
  }

  /** Every alert fires with these labels and words, and stays quiet where it should. */
  @ParameterizedTest
  @EnumSource
  void alerts_bothWays(RuleValues values) throws Exception {
    // Cases of a day are looked at more seldom: promtool evaluates every rule at every step.
    assertAlerts(values, "", List.of("1m", "5m"));
  }

  /** A recorder's own labels split the series that the rules add up. */
  @Test
  void alerts_ofPredictionsWithALabelOfTheUsersOwn_areTheSame() throws Exception {
    assertAlerts(RuleValues.ALL_DEPLOYMENTS, ",tenant=\"acme\"", List.of("1m"));
  }

  private static void assertAlerts(RuleValues values, String ownLabel, List<String> steps)
      throws Exception {
    String rules = write(values).getFileName().toString();
    List<String> files = new ArrayList<>(List.of("test", "rules"));
    for (String step : steps) {
      Path file =
          FOLDER.resolve(
              "%s%s.%s.test.yaml".formatted(values, ownLabel.replaceAll("\\W", ""), step));
      YAML.writeValue(
          file.toFile(),
          Map.of(
              "rule_files", List.of(rules),
              "evaluation_interval", step,
              "tests", tests(values, step, ownLabel)));
      files.add(file.toString());
    }

    assertThat(promtool(files.toArray(String[]::new))).contains("SUCCESS").doesNotContain("FAILED");
  }

  private static List<Map<String, Object>> tests(RuleValues values, String step, String ownLabel) {
    return RuleCases.all(values)
        .filter(ruleCase -> step.equals(ruleCase.minutes() > MINUTES_OF_A_DAY ? "5m" : "1m"))
        .collect(Collectors.groupingBy(RuleCase::series, LinkedHashMap::new, Collectors.toList()))
        .entrySet()
        .stream()
        .map(cases -> test(cases.getKey(), cases.getValue(), values, ownLabel))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void alerts_eachHasCasesBothWays(RuleValues values) {
    Set<String> firing = new TreeSet<>();
    Set<String> quiet = new TreeSet<>();
    RuleCases.all(values)
        .forEach(ruleCase -> (ruleCase.firing().isEmpty() ? quiet : firing).add(ruleCase.alert()));

    Set<String> alerts = new TreeSet<>();
    values.groups().findValues("alert").forEach(alert -> alerts.add(alert.asString()));

    assertThat(firing).isEqualTo(alerts);
    assertThat(quiet).isEqualTo(alerts);
  }

  private static Path write(RuleValues values) throws Exception {
    Files.createDirectories(FOLDER);
    Path file = FOLDER.resolve(values + ".yaml");
    YAML.writeValue(file.toFile(), Map.of("groups", values.groups()));
    return file;
  }

  private static Map<String, Object> test(
      String series, List<RuleCase> cases, RuleValues values, String ownLabel) {
    return Map.of(
        "name",
        cases.get(0).alert() + ": " + cases.get(0).name(),
        "interval",
        "1m",
        "input_series",
        series.lines().map(line -> series(line, ownLabel)).toList(),
        "alert_rule_test",
        cases.stream().map(ruleCase -> expectation(ruleCase, values)).toList());
  }

  private static Map<String, Object> expectation(RuleCase ruleCase, RuleValues values) {
    return Map.of(
        "eval_time", ruleCase.minutes() + "m",
        "alertname", ruleCase.alert(),
        "exp_alerts",
            ruleCase.firing().stream().map(labels -> expected(ruleCase, labels, values)).toList());
  }

  private static Map<String, String> series(String line, String ownLabel) {
    int gap = line.indexOf("  ");
    String own = line.startsWith("prediction") ? ownLabel : "";
    return Map.of(
        "series",
        line.substring(0, gap)
            .replace("{D", "{namespace=\"user-1\",deployment=\"iris\"" + own)
            .replace("{C", "{namespace=\"user-1\",pod=\"iris-a\",container=\"model-server\""),
        "values",
        line.substring(gap + 2));
  }

  private static Map<String, Object> expected(
      RuleCase ruleCase, Map<String, String> labels, RuleValues values) {
    Map<String, String> allLabels = new TreeMap<>(labels);
    allLabels.putAll(values.labels());
    JsonNode rule = rule(values, ruleCase.alert(), labels);
    String window = labels.getOrDefault("long", "");
    String description =
        ruleCase
            .description()
            .replace("<window>", window)
            .replace("<factor>", factor(window, values.windowDays()));
    return Map.of(
        "exp_labels",
        allLabels,
        "exp_annotations",
        Map.of(
            "summary",
            rule.at("/annotations/summary").asString(),
            "description",
            description,
            "runbook_url",
            "https://github.com/kubeserve/kubeserve-metrics/blob/main/docs/runbooks/"
                + ruleCase.alert()
                + ".md"));
  }

  /**
   * Of the SRE Workbook for 30 days: 2% of the budget in an hour, 5% in six, 10% in a day or three.
   */
  private static String factor(String window, int days) {
    double factor =
        switch (window) {
          case "1h" -> 0.02 * 24 * days;
          case "6h" -> 0.05 * 24 * days / 6;
          case "1d" -> 0.1 * days;
          default -> 0.1 * days / 3;
        };
    return String.format(Locale.ROOT, "%.4g", factor).replaceFirst("\\.?0+$", "");
  }

  private static JsonNode rule(RuleValues values, String alert, Map<String, String> labels) {
    return Render.each(values.groups())
        .flatMap(group -> Render.each(group.path("rules")))
        .filter(rule -> rule.path("alert").asString("").equals(alert))
        .filter(
            rule ->
                !labels.containsKey("long")
                    || rule.at("/labels/long").asString().equals(labels.get("long")))
        .findFirst()
        .orElseThrow();
  }

  private static String promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("promtool"));
    command.addAll(List.of(arguments));
    return ChildProcess.run(LIMIT, command).output();
  }
}
