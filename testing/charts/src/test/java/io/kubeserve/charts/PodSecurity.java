package io.kubeserve.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The restricted Pod Security Standard, as <a
 * href="https://kubernetes.io/docs/concepts/security/pod-security-standards/">Kubernetes</a> has
 * it, and two rules of this project's: a read-only root, and no token of the API server.
 */
final class PodSecurity {
  private static final Set<String> VOLUMES =
      Set.of(
          "configMap",
          "csi",
          "downwardAPI",
          "emptyDir",
          "ephemeral",
          "persistentVolumeClaim",
          "projected",
          "secret");

  private PodSecurity() {}

  /** Finds what a restricted namespace would refuse of a pod. */
  static List<String> violationsOf(JsonNode podSpec) {
    List<String> violations = new ArrayList<>();
    for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
      check(violations, !podSpec.path(field).asBoolean(false), field);
    }
    check(
        violations,
        !podSpec.path("automountServiceAccountToken").asBoolean(true),
        "automountServiceAccountToken");
    Render.each(podSpec.path("volumes"))
        .flatMap(volume -> volume.propertyNames().stream())
        .filter(name -> !name.equals("name"))
        .forEach(type -> check(violations, VOLUMES.contains(type), "volume " + type));
    JsonNode pod = podSpec.path("securityContext");
    Stream.of("initContainers", "containers")
        .flatMap(kind -> Render.each(podSpec.path(kind)))
        .forEach(container -> checkContainer(violations, pod, container));
    return violations;
  }

  private static void checkContainer(List<String> violations, JsonNode pod, JsonNode container) {
    JsonNode own = container.path("securityContext");
    String name = container.path("name").asString() + ": ";
    check(violations, !own.path("privileged").asBoolean(false), name + "privileged");
    check(
        violations,
        !own.path("allowPrivilegeEscalation").asBoolean(true),
        name + "allowPrivilegeEscalation");
    check(
        violations,
        own.path("readOnlyRootFilesystem").asBoolean(false),
        name + "readOnlyRootFilesystem");
    check(violations, either(own, pod, "runAsNonRoot").asBoolean(false), name + "runAsNonRoot");
    check(violations, either(own, pod, "runAsUser").asInt(1) != 0, name + "runAsUser");
    String seccomp = either(own, pod, "seccompProfile").path("type").asString("");
    check(
        violations,
        Set.of("RuntimeDefault", "Localhost").contains(seccomp),
        name + "seccompProfile");
    JsonNode capabilities = own.path("capabilities");
    check(
        violations,
        Render.each(capabilities.path("drop")).anyMatch(drop -> drop.asString().equals("ALL")),
        name + "capabilities.drop");
    check(
        violations,
        Render.each(capabilities.path("add"))
            .allMatch(add -> add.asString().equals("NET_BIND_SERVICE")),
        name + "capabilities.add");
    Render.each(container.path("ports"))
        .forEach(port -> check(violations, !port.has("hostPort"), name + "hostPort"));
  }

  private static JsonNode either(JsonNode container, JsonNode pod, String field) {
    return container.has(field) ? container.path(field) : pod.path(field);
  }

  private static void check(List<String> violations, boolean holds, String what) {
    if (!holds) {
      violations.add(what);
    }
  }
}
