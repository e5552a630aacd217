package io.kubeserve.grafana;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.kubeserve.grafana.Expressions.Expression;
import io.kubeserve.grafana.Query.Idle;
import io.kubeserve.grafana.Query.Kind;
import io.kubeserve.testing.ProjectFiles;
import io.kubeserve.testing.Prometheus;
import io.kubeserve.testing.RequiresProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Every query of dashboards and rules on a real Prometheus that scrapes a real example, in three
 * states, and the numbers held against the load.
 */
@RequiresProgram({"prometheus", "prometheus-alertmanager"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LiveProof {
  private static final double EXACT = 1e-9;
  private static final List<Double> QUANTILES = List.of(0.5, 0.95, 0.99);
  private static final Pattern LABEL_VALUES =
      Pattern.compile("label_values\\((.*), *(\\w+)\\)", Pattern.DOTALL);

  /** The half of an "or" that a server has depends on its library; the other is missing. */
  private static final Set<String> OF_EITHER_LIBRARY =
      Set.of("jvm_gc_collection_seconds_sum", "jvm_gc_pause_seconds_sum");

  private final String example;

  @SuppressWarnings("NullAway.Init") // before all tests
  private Platform platform;

  private double idle;
  private double noErrorsYet;
  private double traffic;

  /** Whether the server tells of stages, batches and streams. */
  private final boolean tells;

  /** Of the example in a folder of the examples, whose jar has its name. */
  LiveProof(String example, boolean tells) {
    this.example = example;
    this.tells = tells;
  }

  @BeforeAll
  void runTheLoad(@TempDir Path folder) throws Exception {
    platform =
        Platform.start(
            ProjectFiles.of("examples/%1$s/target/%1$s.jar".formatted(example)), tells, folder);
    idle = platform.idle();
    noErrorsYet = platform.succeed();
    traffic = platform.failSome();
  }

  @AfterAll
  void stop() {
    // It is absent where it could not be started, and has stopped what it had started.
    if (platform != null) {
      platform.close();
    }
  }

  final Prometheus prometheus() {
    return platform.prometheus();
  }

  @TestFactory
  Stream<DynamicTest> query_inTraffic_returnsNumbers() {
    return eachQuery(
        "traffic",
        (panel, query) -> {
          if (query.idle() == Idle.WHERE_TOLD && !tells) {
            assertThat(values(query, traffic)).isEmpty();
          } else {
            returnsNumbers(query, traffic);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> query_beforeTheFirstError_returnsNumbersOrWhatThePanelDeclares() {
    return eachQuery(
        "no errors yet",
        (panel, query) -> {
          if (query.idle() == Idle.NO_ERRORS) {
            assertThat(values(query, noErrorsYet)).isEmpty();
          } else if (query.idle() != Idle.WHERE_TOLD) {
            // Those have just begun: a series that begins with all of its counts has no rate yet.
            returnsNumbers(query, noErrorsYet);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> query_withoutTraffic_returnsWhatThePanelDeclares() {
    return eachQuery(
        "no traffic",
        (panel, query) -> {
          switch (query.idle()) {
            case VALUE -> returnsNumbers(query, idle);
            case NOTHING, WHERE_TOLD, NO_ERRORS -> assertThat(values(query, idle)).isEmpty();
            case EITHER ->
                assertThat(values(query, idle)).allSatisfy(value -> assertThat(value).isFinite());
          }
        });
  }

  private void returnsNumbers(Query query, double time) {
    assertThat(values(query, time)).isNotEmpty().allSatisfy(value -> assertThat(value).isFinite());
    if (query.kind() != Kind.INSTANT && query.kind() != Kind.TABLE) {
      for (JsonNode series :
          prometheus().range(Platform.interpolate(query.expression()), time, 5)) {
        assertThat(series.path("values").toString()).doesNotContain("NaN", "Inf");
      }
    }
  }

  private List<Double> values(Query query, double time) {
    return List.copyOf(values(query.expression(), "", time).values());
  }

  /** The values of a query by one of its labels, or by all of them. */
  final Map<String, Double> values(String expression, String label, double time) {
    Map<String, Double> values = new TreeMap<>();
    for (JsonNode series : prometheus().query(Platform.interpolate(expression), time)) {
      JsonNode labels = series.path("metric");
      values.put(
          label.isEmpty() ? labels.toString() : labels.path(label).asString(),
          Double.parseDouble(series.path("value").get(1).asString()));
    }
    return values;
  }

  /** The one value of a query in traffic. */
  final double number(String expression) {
    Map<String, Double> values = values(expression, "", traffic);
    assertThat(values).as(expression).hasSize(1);
    return values.values().iterator().next();
  }

  final Map<String, Double> panel(Dashboards dashboard, String title, String label, int index) {
    return values(query(dashboard, title, index).expression(), label, traffic);
  }

  private static Query query(Dashboards dashboard, String title, int index) {
    return dashboard.dashboard().panels().stream()
        .filter(panel -> panel.title().equals(title))
        .findFirst()
        .orElseThrow()
        .queries()
        .get(index);
  }

  private double number(Dashboards dashboard, String title) {
    return panel(dashboard, title, "", 0).values().iterator().next();
  }

  @Test
  void predictionsOfTheLastHour_areTheLoad() {
    // Two deployments are scraped from server C.
    double load = platform.predictionsOfIris() + 2 * Platform.SUCCESSES_OF_C;

    assertThat(number(Dashboards.MASTER, "Total Predictions"))
        .isBetween(load, Math.rint(load * (1 + extrapolated())));
  }

  /**
   * By how much {@code increase} may be above what was counted: Prometheus goes on from the last
   * scrape to the end of the range if that is less than 1.1 intervals away, and from the first one
   * not at all, since it was at 0.
   */
  private double extrapolated() {
    return 1.1 / (number("min(count_over_time(predictions_total[1h]))") - 1);
  }

  @Test
  void quantiles_areWithinTheBucketOfTheTruth() {
    for (int quantile = 1; quantile <= 3; quantile++) {
      String expression = query(Dashboards.DEPLOYMENT, "Prediction Latency", quantile).expression();
      // Over all of the load, whatever the time it took.
      double shown = number(expression.replace("$__rate_interval", "1h"));
      NavigableMap<Double, Double> buckets = new TreeMap<>();
      values("sum by (le) (prediction_latency_ms_bucket{deployment=\"iris\"})", "le", traffic)
          .forEach(
              (le, count) -> buckets.put(Double.valueOf(le.replace("+Inf", "Infinity")), count));
      double rank = QUANTILES.get(quantile - 1) * buckets.lastEntry().getValue();
      double upper =
          buckets.entrySet().stream()
              .filter(bucket -> bucket.getValue() >= rank)
              .findFirst()
              .orElseThrow()
              .getKey();
      Double lower = buckets.lowerKey(upper);
      assertThat(shown).isBetween(lower == null ? 0 : lower, upper);
    }
    // One prediction in ten takes 150 ms and a little.
    assertThat(number(query(Dashboards.DEPLOYMENT, "Prediction Latency", 2).expression()))
        .isGreaterThan(100);
  }

  @Test
  void successRate_isTheLoads() {
    Query query = query(Dashboards.DEPLOYMENT, "Success Rate", 0);

    assertThat(values(query, noErrorsYet)).containsExactly(1.0);
    assertThat(values("sum(predictions_total{deployment=\"iris\",status=\"error\"})", "", traffic))
        .containsValue((double) Platform.ERRORS_OF_A);
    double truth = (double) Platform.ERRORS_OF_A / platform.predictionsOfIris();
    // The rule was evaluated up to a second ago, with two scrapes fewer.
    assertThat(
            values("deployment:predictions_errors:ratio_rate1h{deployment=\"iris\"}", "", traffic)
                .values())
        .singleElement(as(InstanceOfAssertFactories.DOUBLE))
        .isCloseTo(truth, within((extrapolated() + 0.01) * truth));
  }

  @Test
  void cpu_isTheTruthDespiteTheTraps() {
    Map<String, Double> byNamespace =
        panel(Dashboards.MASTER, "CPU Usage per User Namespace", "namespace", 0);
    assertThat(byNamespace).containsOnlyKeys("user-1", "user-2");
    assertThat(byNamespace.get("user-1")).isCloseTo(0.5 + 0.25 + 0.1 + 0.05, within(EXACT));
    assertThat(byNamespace.get("user-2")).isCloseTo(0.3, within(EXACT));

    Map<String, Double> byPod = panel(Dashboards.DEPLOYMENT, "CPU Usage", "pod", 0);
    assertThat(byPod)
        .containsOnlyKeys(KubernetesStandIn.IRIS_A.name(), KubernetesStandIn.IRIS_B.name());
    assertThat(byPod.get(KubernetesStandIn.IRIS_A.name())).isCloseTo(0.5, within(EXACT));
  }

  @Test
  void memory_isTheTruthDespiteTheTraps() {
    assertThat(panel(Dashboards.MASTER, "Memory Usage per User Namespace", "namespace", 0))
        .isEqualTo(Map.of("user-1", 650e6, "user-2", 400e6));
    assertThat(panel(Dashboards.DEPLOYMENT, "Memory Usage", "pod", 0))
        .isEqualTo(
            Map.of(KubernetesStandIn.IRIS_A.name(), 300e6, KubernetesStandIn.IRIS_B.name(), 200e6));
    assertThat(panel(Dashboards.DEPLOYMENT, "Memory Usage", "pod", 1).values())
        .containsOnly((double) KubernetesStandIn.MEMORY_LIMIT_BYTES);
  }

  @Test
  void objects_areCountedOnce() {
    assertThat(number(Dashboards.MASTER, "Active Deployments")).isEqualTo(3);
    assertThat(number(Dashboards.MASTER, "Total Pods")).isEqualTo(5);
    assertThat(number(Dashboards.DEPLOYMENT, "Active Pods")).isEqualTo(2);
    for (int i = 0; i < 3; i++) {
      assertThat(panel(Dashboards.DEPLOYMENT, "Pod Replicas", "", i)).containsValue(2.0);
    }
  }

  @Test
  void variables_offerModelServersAlone() {
    assertThat(offered(Dashboards.MASTER, "namespace")).containsExactly("user-1", "user-2");
    assertThat(offered(Dashboards.DEPLOYMENT, "namespace")).containsExactly("user-1", "user-2");
    assertThat(offered(Dashboards.DEPLOYMENT, "deployment")).containsExactly("iris", "iris-canary");
    assertThat(offered(Dashboards.DEPLOYMENT, "cluster")).isEmpty();
  }

  private List<String> offered(Dashboards dashboard, String name) {
    for (JsonNode variable : dashboard.read().at("/templating/list")) {
      if (variable.path("name").asString().equals(name)) {
        Matcher query = LABEL_VALUES.matcher(variable.at("/query/query").asString());
        assertThat(query.matches()).isTrue();
        List<String> values = new ArrayList<>();
        prometheus()
            .api(
                "label/%s/values?match[]=%s"
                    .formatted(
                        query.group(2), Prometheus.encode(Platform.interpolate(query.group(1)))))
            .forEach(value -> values.add(value.asString()));
        return values;
      }
    }
    throw new AssertionError("no variable " + name);
  }

  @TestFactory
  Stream<DynamicTest> annotation_inTraffic_marksWhatHappened() {
    return Stream.of(Dashboards.values())
        .flatMap(
            dashboard -> {
              List<JsonNode> annotations = new ArrayList<>();
              dashboard.read().at("/annotations/list").forEach(annotations::add);
              return annotations.stream()
                  .filter(annotation -> annotation.has("expr"))
                  .map(
                      annotation ->
                          DynamicTest.dynamicTest(
                              dashboard + ": " + annotation.path("name").asString(),
                              () ->
                                  assertThat(
                                          values(annotation.path("expr").asString(), "", traffic))
                                      .isNotEmpty()));
            });
  }

  @TestFactory
  Stream<DynamicTest> recordingRule_inTraffic_hasRecorded() {
    return Expressions.recorded().stream()
        .filter(record -> !record.isEmpty())
        .map(
            record ->
                DynamicTest.dynamicTest(
                    record,
                    () ->
                        assertThat(values(record, "", traffic).values())
                            .isNotEmpty()
                            .allSatisfy(value -> assertThat(value).isFinite())));
  }

  /** An alert that does not fire could be one that never can: what it selects must be there. */
  @TestFactory
  Stream<DynamicTest> alert_selectsSeriesThatThereAre() {
    return Expressions.ruleNodes()
        .filter(rule -> rule.has("alert"))
        .map(
            rule ->
                DynamicTest.dynamicTest(
                    rule.path("alert").asString() + rule.at("/labels/long").asString(""),
                    () -> {
                      for (Selector selector : Selector.in(rule.path("expr").asString())) {
                        if (!OF_EITHER_LIBRARY.contains(selector.metric())) {
                          assertThat(values(selector.promql(), "", traffic))
                              .as(selector.promql())
                              .isNotEmpty();
                        }
                      }
                    }));
  }

  @Test
  void rules_areEvaluatedWithoutError() {
    for (JsonNode group : prometheus().api("rules").path("groups")) {
      for (JsonNode rule : group.path("rules")) {
        assertThat(rule.path("lastError").asString("")).isEmpty();
        assertThat(rule.path("health").asString()).isEqualTo("ok");
      }
    }
  }

  /** What the autoscaler asks returns one number, from the first scrape on. */
  @TestFactory
  Stream<DynamicTest> autoscaling_everyState_returnsOneNumber() {
    return Expressions.autoscaling()
        .map(Expression::text)
        .flatMap(
            query ->
                Stream.of(idle, noErrorsYet, traffic)
                    .map(
                        time ->
                            DynamicTest.dynamicTest(
                                query,
                                () -> assertThat(prometheus().query(query, time)).hasSize(1))));
  }

  @Test
  void fastBurn_isDeliveredToTheWebhook() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                platform.alertmanager().delivered().stream()
                    .anyMatch(
                        body ->
                            body.contains("\"alertname\":\"KubeServeErrorBudgetBurn\"")
                                && body.contains("\"long\":\"1h\"")
                                && body.contains("\"severity\":\"critical\"")
                                && body.contains("predictions of user-1/iris failed over 1h")
                                && body.contains("runbooks/KubeServeErrorBudgetBurn.md")));
  }

  /** A check of one query of a panel. */
  private interface Check {
    void of(Panel panel, Query query);
  }

  private static Stream<DynamicTest> eachQuery(String state, Check check) {
    return Stream.of(Dashboards.values())
        .flatMap(
            dashboard ->
                dashboard.dashboard().panels().stream()
                    .flatMap(
                        panel ->
                            panel.queries().stream()
                                .map(
                                    query ->
                                        DynamicTest.dynamicTest(
                                            "%s: %s: %s %s"
                                                .formatted(
                                                    state,
                                                    dashboard,
                                                    panel.title(),
                                                    query.legend()),
                                            () -> check.of(panel, query)))));
  }
}
