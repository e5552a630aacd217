package io.kubeserve.charts;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads an object as strictly as it can be: an unknown field is a failure. */
final class Schemas {
  private static final Map<String, Class<?>> TYPES =
      Map.of(
          "apps/v1 Deployment", V1Deployment.class,
          "v1 Service", V1Service.class,
          "v1 ServiceAccount", V1ServiceAccount.class,
          "v1 ConfigMap", V1ConfigMap.class,
          "v1 Pod", V1Pod.class,
          "networking.k8s.io/v1 Ingress", V1Ingress.class,
          "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
          "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
          "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class);

  private static final Map<String, String> CRD_FILES =
      Map.of(
          "monitoring.coreos.com/v1 ServiceMonitor", "monitoring.coreos.com_servicemonitors.json",
          "monitoring.coreos.com/v1 PodMonitor", "monitoring.coreos.com_podmonitors.json",
          "monitoring.coreos.com/v1 PrometheusRule", "monitoring.coreos.com_prometheusrules.json",
          "keda.sh/v1alpha1 ScaledObject", "keda.sh_scaledobjects.json");

  private static final Map<String, Schema> CRD_SCHEMAS = new ConcurrentHashMap<>();

  private Schemas() {}

  /** Finds what a cluster would refuse of an object. */
  static List<String> errorsOf(JsonNode object) {
    String type = object.path("apiVersion").asString() + ' ' + object.path("kind").asString();
    Class<?> model = TYPES.get(type);
    if (model != null) {
      return typedErrors(object, model);
    }
    String file = CRD_FILES.get(type);
    if (file == null) {
      return List.of("there is no schema of " + type);
    }
    return CRD_SCHEMAS.computeIfAbsent(file, Schemas::crdSchema).validate(object).stream()
        .map(Error::toString)
        .toList();
  }

  private static List<String> typedErrors(JsonNode object, Class<?> model) {
    try {
      JSON.deserialize(object.toString(), model);
      return List.of();
    } catch (RuntimeException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  private static Schema crdSchema(String file) {
    JsonNode schema = SchemaFiles.read(file);
    close(schema);
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema);
  }

  /** A cluster drops unknown fields silently; here they are refused. */
  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode node
        && node.has("properties")
        && node.path("properties").isObject()
        && !node.has("additionalProperties")
        && !node.has("x-kubernetes-preserve-unknown-fields")) {
      node.put("additionalProperties", false);
    }
    schema.forEach(Schemas::close);
  }
}
