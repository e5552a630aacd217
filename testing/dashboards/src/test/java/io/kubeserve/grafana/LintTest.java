package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubeserve.charts.Render;
import io.kubeserve.charts.SchemaFiles;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The rules of Grafana's dashboard-linter 0.2.0 that concern Prometheus, and some of our own.
 * Excluded are its four on variables and matchers named job and instance: these dashboards are
 * scoped by namespace and deployment, and the name of a job is the installer's choice.
 */
class LintTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
          .getSchema(SchemaFiles.read("grafana-dashboard.json"));

  /** What Grafana 11 to 13 have. */
  private static final Set<String> PANEL_TYPES =
      Set.of("row", "stat", "timeseries", "table", "heatmap", "bargauge", "gauge");

  private static final Set<String> UNITS =
      Set.of("none", "short", "ms", "s", "reqps", "percentunit", "bytes", "Bps");

  private static final Pattern COUNTER = Pattern.compile(".*(_total|_sum|_count|_bucket)");

  /**
   * A query of a data source is of that data source's making; Grafana's own types leave it open.
   */
  private static final List<String> OF_THE_DATASOURCE =
      List.of("expr", "step", "titleFormat", "textFormat");

  @ParameterizedTest
  @EnumSource
  void dashboard_isWhatGrafanasTypesSay(Dashboards dashboard) {
    assertThat(faults(dashboard.read())).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void dashboard_unknownField_isFound(Dashboards dashboard) {
    ObjectNode json = (ObjectNode) dashboard.read();
    json.put("unknownField", "x");

    assertThat(faults(json)).singleElement().asString().contains("unknownField");
  }

  private static List<String> faults(JsonNode dashboard) {
    Render.each(dashboard.at("/annotations/list"))
        .forEach(annotation -> ((ObjectNode) annotation).remove(OF_THE_DATASOURCE));
    return SCHEMA.validate(dashboard).stream().map(Error::toString).toList();
  }

  @ParameterizedTest
  @EnumSource
  void dashboard_canBeProvisionedAnywhere(Dashboards dashboard) throws Exception {
    JsonNode json = dashboard.read();
    String text = Files.readString(dashboard.file());

    assertThat(json.path("uid").asString())
        .isEqualTo(dashboard.dashboard().uid())
        .hasSizeLessThan(40);
    assertThat(json.path("id").isNull()).isTrue();
    assertThat(json.has("version")).isFalse();
    assertThat(json.path("schemaVersion").asInt()).isEqualTo(39);
    assertThat(json.path("editable").asBoolean()).isFalse();
    assertThat(json.path("timezone").asString()).isEqualTo("browser");
    assertThat(text).doesNotContain("${DS_", "__inputs", "__requires", "[[");
    // kubectl apply keeps a copy of a ConfigMap in an annotation of at most 256 KiB.
    assertThat(text.length()).isLessThan(256 * 1024);
  }

  @ParameterizedTest
  @EnumSource
  void variables_followTheDataSourceAndTheTime(Dashboards dashboard) {
    JsonNode variables = dashboard.read().at("/templating/list");
    JsonNode first = variables.get(0);

    assertThat(first.path("name").asString()).isEqualTo("datasource");
    assertThat(first.path("label").asString()).isEqualTo("Data source");
    Render.each(variables)
        .skip(1)
        .forEach(
            variable -> {
              assertThat(variable.at("/datasource/uid").asString()).isEqualTo("${datasource}");
              assertThat(variable.path("refresh").asInt()).isEqualTo(2);
            });
  }

  @TestFactory
  Stream<DynamicTest> panel_isSaidAndMeasured() {
    return eachPanel(
        panel -> {
          assertThat(PANEL_TYPES).contains(panel.path("type").asString());
          if (panel.path("type").asString().equals("row")) {
            return;
          }
          assertThat(panel.path("description").asString()).isNotBlank();
          assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
          assertThat(UNITS).contains(panel.at("/fieldConfig/defaults/unit").asString());
          assertThat(panel.at("/fieldConfig/defaults/noValue").asString()).isNotBlank();
          assertThat(panel.at("/fieldConfig/defaults/mappings/0/options/match").asString())
              .isEqualTo("nan");
          assertThat(panel.path("targets").size()).isPositive();
        });
  }

  /** Whoever sees an empty panel must know which metric to look for. */
  @TestFactory
  Stream<DynamicTest> panel_describesItsMetrics() {
    return eachPanel(
        panel -> {
          String description = panel.path("description").asString("");
          for (JsonNode target : panel.path("targets")) {
            for (Selector selector : Selector.in(target.path("expr").asString())) {
              String family = selector.metric().replaceFirst("_(bucket|sum|count)$", "");
              assertThat(description).containsAnyOf(selector.metric(), family);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> target_isAskedAsItShould() {
    return eachPanel(
        panel -> {
          Set<String> references = new HashSet<>();
          for (JsonNode target : panel.path("targets")) {
            String expression = target.path("expr").asString();
            assertThat(references.add(target.path("refId").asString())).isTrue();
            assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
            assertThat(target.path("interval").asString()).isEqualTo(Panel.INTERVAL);
            // A rate over a fixed window is blank or lies, depending on the scrape interval.
            assertThat(expression)
                .doesNotContainPattern("rate\\([^)]*\\}\\[(?!\\$__rate_interval)");
            assertThat(expression).doesNotContain("irate(");
            countersAreOnlyReadByRate(expression);
          }
        });
  }

  private static void countersAreOnlyReadByRate(String expression) {
    String text = expression.replaceAll("(rate|increase|changes)\\([^)]*\\)", "");
    text = text.replaceAll("(on|by) \\([^)]*\\)", "").replaceAll("group \\([^)]*\\)", "");
    for (Selector selector : Selector.in(text)) {
      boolean joins =
          expression.contains("group by") && selector.metric().equals("predictions_total");
      assertThat(COUNTER.matcher(selector.metric()).matches() && !joins)
          .as("counter %s without rate", selector.metric())
          .isFalse();
    }
  }

  /** Links lead to a dashboard that there is, and set variables that it has. */
  @TestFactory
  Stream<DynamicTest> link_leadsSomewhere() {
    Pattern link = Pattern.compile("/d/([\\w-]+)\\?\\$\\{datasource:queryparam\\}(.*)");
    return eachPanel(
        panel ->
            panel.findValues("url").stream()
                .map(JsonNode::asString)
                .forEach(
                    url -> {
                      var parts = link.matcher(url);
                      assertThat(parts.matches()).isTrue();
                      JsonNode target =
                          Stream.of(Dashboards.values())
                              .map(Dashboards::read)
                              .filter(json -> json.path("uid").asString().equals(parts.group(1)))
                              .findFirst()
                              .orElseThrow();
                      var variables =
                          Pattern.compile("var-(\\w+)=\\$\\{__data.fields.\\w+}")
                              .matcher(parts.group(2));
                      while (variables.find()) {
                        assertThat(
                                target.at("/templating/list").findValues("name").stream()
                                    .map(JsonNode::asString))
                            .contains(variables.group(1));
                      }
                    }));
  }

  private static Stream<DynamicTest> eachPanel(Consumer<JsonNode> check) {
    return Stream.of(Dashboards.values())
        .flatMap(
            dashboard ->
                Render.each(dashboard.read().path("panels"))
                    .map(
                        panel ->
                            DynamicTest.dynamicTest(
                                dashboard + ": " + panel.path("title").asString(),
                                () -> check.accept(panel))));
  }
}
