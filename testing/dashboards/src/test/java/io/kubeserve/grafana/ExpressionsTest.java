package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.charts.Chart;
import io.kubeserve.grafana.Expressions.Expression;
import io.kubeserve.metrics.contract.Status;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.LatencyBounds;
import io.kubeserve.testing.ProjectFiles;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Dashboards, rules and autoscaling name nothing that the library or the cluster does not show. */
class ExpressionsTest {
  private static final KnownMetrics KNOWN = new KnownMetrics(Expressions.recorded());

  /** How the names begin of what has the labels that users declare; a rule's own has a colon. */
  private static final String SPLIT = "prediction";

  private static final Pattern AGGREGATION =
      Pattern.compile("\\b(?:sum|max|min|avg|count|group)\\s*(?:by\\s*\\([^)]*\\)\\s*)?\\(");

  /** What is only asked for whether it is there, however often. */
  private static final Pattern SET_OPERAND =
      Pattern.compile("\\b(?:and|unless)\\s+on\\s*\\([^)]*\\)\\s*\\w+\\{[^}]*\\}");

  private static final Set<String> STATUSES =
      Arrays.stream(Status.values()).map(Status::labelValue).collect(Collectors.toSet());

  @TestFactory
  Stream<DynamicTest> expression_namesOnlyWhatThereIs() {
    return Expressions.all()
        .map(
            expression ->
                DynamicTest.dynamicTest(
                    expression.place(), () -> namesOnlyWhatThereIs(expression)));
  }

  private static void namesOnlyWhatThereIs(Expression expression) {
    List<Selector> selectors = Selector.in(expression.text());
    assertThat(selectors).isNotEmpty();
    for (Selector selector : selectors) {
      assertThat(KNOWN.has(selector.metric())).as("metric %s", selector.metric()).isTrue();
      selector
          .matchers()
          .forEach(
              (label, value) -> {
                assertThat(KNOWN.has(selector.metric(), label))
                    .as("label %s of %s", label, selector.metric())
                    .isTrue();
                hasKnownValue(selector, label, value);
              });
    }
    for (String label : Selector.groupingIn(expression.text())) {
      assertThat(KNOWN.hasLabel(label)).as("label %s", label).isTrue();
    }
  }

  /** A label that a user declared splits every series of predictions; what is summed stays one. */
  @TestFactory
  Stream<DynamicTest> expression_ofPredictions_aggregatesThem() {
    return Expressions.all()
        .filter(expression -> !expression.place().contains("$"))
        .map(
            expression ->
                DynamicTest.dynamicTest(
                    expression.place(),
                    () ->
                        assertThat(Selector.in(withoutAggregated(expression.text())))
                            .extracting(Selector::metric)
                            .noneMatch(metric -> metric.startsWith(SPLIT))));
  }

  /** Removes what stands between the parentheses of an aggregation. */
  private static String withoutAggregated(String text) {
    StringBuilder left = new StringBuilder(SET_OPERAND.matcher(text).replaceAll(""));
    Matcher aggregation = AGGREGATION.matcher(left);
    while (aggregation.find()) {
      int end = aggregation.end();
      for (int open = 1; open > 0; end++) {
        open += left.charAt(end) == '(' ? 1 : left.charAt(end) == ')' ? -1 : 0;
      }
      left.delete(aggregation.start(), end);
      aggregation.reset();
    }
    return left.toString();
  }

  private static void hasKnownValue(Selector selector, String label, String value) {
    if (selector.metric().equals("predictions_total") && label.equals(LabelName.STATUS)) {
      assertThat(STATUSES).contains(value.replaceFirst("^!?=", ""));
    }
    if (selector.metric().equals("prediction_latency_ms_bucket") && label.equals("le")) {
      double bound = Double.parseDouble(value.replaceFirst("^=~", "").replaceFirst("\\(.*", ""));
      assertThat(LatencyBounds.DEFAULT_MILLIS).contains(bound);
    }
  }

  /**
   * The threshold of the latency objective is a bound of the histogram, by the schema of values.
   */
  @Test
  void latencyThresholds_areTheBounds() throws Exception {
    Set<Double> thresholds = new TreeSet<>();
    Chart.schema()
        .at(
            "/properties/monitoring/properties/prometheusRule/properties/slo/properties/latency/properties/thresholdMillis/enum")
        .forEach(threshold -> thresholds.add(threshold.asDouble()));

    assertThat(thresholds).isEqualTo(new TreeSet<>(LatencyBounds.DEFAULT_MILLIS));
  }

  /** What prometheus-adapter makes of its rule is what the chart's HPA asks for. */
  @Test
  void adapterRule_isOfTheContract() throws Exception {
    String readme = Files.readString(ProjectFiles.of("charts/model-serving/README.md"));

    assertThat(readme).contains("seriesQuery: 'predictions_total{");
    assertThat(KNOWN.has("predictions_total")).isTrue();
    assertThat(Files.readString(ProjectFiles.of("charts/model-serving/templates/hpa.yaml")))
        .contains("name: predictions_per_second");
  }

  /** A step shorter than the scrape interval would ask for the rate of a single sample. */
  @Test
  void interval_isTheCharts() {
    assertThat(
            Chart.render("{}").only("ServiceMonitor").at("/spec/endpoints/0/interval").asString())
        .isEqualTo(Panel.INTERVAL);
  }

  @Test
  void alert_hasARunbook() {
    assertThat(
            Expressions.ruleNodes()
                .filter(rule -> rule.has("alert"))
                .map(rule -> rule.path("alert").asString())
                .filter(alert -> !Files.exists(ProjectFiles.of("docs/runbooks/" + alert + ".md"))))
        .isEmpty();
  }
}
