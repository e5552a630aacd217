package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Any values of the chart: its schema refuses them, the chart refuses them with a sentence, or what
 * is rendered is what a cluster takes. The schema sees every input; the engine, which takes
 * milliseconds, sees every one that was found before, and of new ones a part.
 */
class ValuesFuzzTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MAX_OVERRIDES = 4;
  private static final int MAX_CHARACTERS = 40;
  private static final boolean SEARCHING = System.getenv("JAZZER_FUZZ") != null;
  private static final int RENDERED_OF_NEW = 100;

  /** What the engine says when a template breaks, and not when it refuses. */
  private static final List<String> BREAKS =
      List.of(
          "nil pointer",
          "wrong type",
          "can't evaluate",
          "error calling",
          "parse error",
          "error converting",
          "panic",
          "cannot unmarshal",
          "incompatible types");

  private static final JsonNode SCHEMA_TEXT = Chart.schema();
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(SCHEMA_TEXT);
  private static final ObjectNode DEFAULTS =
      (ObjectNode) Chart.yaml(Chart.FOLDER.resolve("values.yaml"));
  private static final List<List<String>> PATHS = paths();

  /** What is on; without any, most templates would not be reached. */
  private static final List<String> BASES =
      List.of(
          "{}",
          "{ingress: {enabled: true}, autoscaling: {enabled: true}, podDisruptionBudget: {enabled: true}, "
              + "networkPolicy: {enabled: true}, monitoring: {prometheusRule: {enabled: true}, dashboards: {enabled: true}}}",
          "{keda: {enabled: true}, ports: {metrics: 9090}, monitoring: {serviceMonitor: {enabled: false}, podMonitor: {enabled: true}}}",
          "{model: {source: persistentVolumeClaim, persistentVolumeClaim: {claimName: models}}}",
          "{model: {source: objectStore, objectStore: {uri: ':s3:a/b', existingSecret: store}}}");

  /** Kinds that the chart has; a value that brought in another would have broken out. */
  private static final Set<String> KINDS =
      Set.of(
          "Deployment",
          "Service",
          "ServiceAccount",
          "ConfigMap",
          "Pod",
          "Ingress",
          "NetworkPolicy",
          "PodDisruptionBudget",
          "HorizontalPodAutoscaler",
          "ServiceMonitor",
          "PodMonitor",
          "PrometheusRule",
          "ScaledObject");

  private int accepted;

  @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
  void values_areRefusedOrRendered(FuzzedDataProvider data) {
    ObjectNode values = (ObjectNode) Chart.yaml(data.pickValue(BASES));
    int overrides = data.consumeInt(1, MAX_OVERRIDES);
    for (int i = 0; i < overrides; i++) {
      List<String> path = PATHS.get(data.consumeInt(0, PATHS.size() - 1));
      put(values, path, value(data, schemaOf(path)));
    }
    if (SCHEMA.validate(merged(DEFAULTS, values)).isEmpty()
        && (!SEARCHING || accepted++ % RENDERED_OF_NEW == 0)) {
      checkRender(values);
    }
  }

  /** What Helm makes of the defaults and a user's values: null removes. */
  private static ObjectNode merged(ObjectNode defaults, ObjectNode values) {
    ObjectNode merged = defaults.deepCopy();
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      if (value.getValue().isNull()) {
        merged.remove(value.getKey());
      } else if (value.getValue() instanceof ObjectNode own
          && merged.get(value.getKey()) instanceof ObjectNode known) {
        merged.set(value.getKey(), merged(known, own));
      } else {
        merged.set(value.getKey(), value.getValue());
      }
    }
    return merged;
  }

  private static void checkRender(ObjectNode values) {
    Render render;
    try {
      render = Chart.render(values.toString());
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.startsWith("failed to parse")) { // of the file, before the chart
        assertThat(message).as(values.toString()).doesNotContain(BREAKS);
      }
      return;
    }
    assertThat(KINDS).as(values.toString()).containsAll(render.kinds());
    for (JsonNode object : render.objects()) {
      assertThat(Schemas.errorsOf(object)).as(values + "\n" + object).isEmpty();
    }
  }

  private static JsonNode value(FuzzedDataProvider data, JsonNode schema) {
    return switch (data.consumeInt(0, 9)) {
      case 0 -> JSON.nullNode();
      case 1 -> JSON.booleanNode(data.consumeBoolean());
      case 2 -> JSON.stringNode(data.consumeString(MAX_CHARACTERS));
      default -> fitting(data, schema);
    };
  }

  /** A value of the type that the schema names, if not in its range. */
  private static JsonNode fitting(FuzzedDataProvider data, JsonNode schema) {
    if (schema.has("enum")) {
      return schema.get("enum").get(data.consumeInt(0, schema.get("enum").size() - 1));
    }
    JsonNode type = schema.path("type");
    return switch ((type.isArray() ? type.get(0) : type).asString("object")) {
      case "boolean" -> JSON.booleanNode(data.consumeBoolean());
      case "integer" -> JSON.numberNode(data.consumeInt());
      case "number" -> JSON.numberNode(data.consumeRegularDouble());
      case "string" -> JSON.stringNode(data.consumeString(MAX_CHARACTERS));
      case "array" ->
          schema.at("/items/type").asString("").equals("string")
              ? JSON.arrayNode().add(data.consumeString(MAX_CHARACTERS))
              : JSON.arrayNode();
      default ->
          schema.at("/additionalProperties/type").asString("").equals("string")
              ? JSON.objectNode()
                  .put(data.consumeString(MAX_CHARACTERS), data.consumeString(MAX_CHARACTERS))
              : JSON.objectNode();
    };
  }

  private static void put(ObjectNode values, List<String> path, JsonNode value) {
    ObjectNode parent = values;
    for (String name : path.subList(0, path.size() - 1)) {
      parent = parent.get(name) instanceof ObjectNode known ? known : parent.putObject(name);
    }
    parent.set(path.get(path.size() - 1), value);
  }

  private static JsonNode schemaOf(List<String> path) {
    JsonNode schema = SCHEMA_TEXT;
    for (String name : path) {
      schema = schema.path("properties").path(name);
    }
    return schema;
  }

  private static List<List<String>> paths() {
    List<List<String>> paths = new ArrayList<>();
    collect(SCHEMA_TEXT, List.of(), paths);
    return List.copyOf(paths);
  }

  private static void collect(JsonNode schema, List<String> path, List<List<String>> into) {
    JsonNode properties = schema.path("properties");
    if (!path.isEmpty()) {
      into.add(path);
    }
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      List<String> longer = new ArrayList<>(path);
      longer.add(property.getKey());
      collect(property.getValue(), List.copyOf(longer), into);
    }
  }
}
