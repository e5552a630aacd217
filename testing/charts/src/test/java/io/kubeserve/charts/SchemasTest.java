package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The check itself: a field that no cluster knows is found in every kind that the chart makes. */
class SchemasTest {
  private static final String EVERY_KIND =
      """
      autoscaling: {enabled: true}
      podDisruptionBudget: {enabled: true}
      replicaCount: 2
      networkPolicy: {enabled: true}
      ingress: {enabled: true}
      monitoring: {prometheusRule: {enabled: true}, dashboards: {enabled: true}}
      """;

  @TestFactory
  Stream<DynamicTest> unknownField_everyKind_isFound() {
    return Chart.render(EVERY_KIND).objects().stream()
        .map(
            object ->
                DynamicTest.dynamicTest(
                    object.path("kind").asString(), () -> unknownFieldIsFound(object)));
  }

  private static void unknownFieldIsFound(JsonNode object) {
    assertThat(Schemas.errorsOf(object)).isEmpty();
    String part = object.has("spec") ? "spec" : "metadata";

    ((ObjectNode) object.get(part)).put("unknownField", "x");

    assertThat(Schemas.errorsOf(object)).singleElement().asString().contains("unknownField");
  }
}
