package io.kubeserve.charts;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * What must hold, from the pod to Prometheus, for a metric to arrive: each link that is broken has
 * a name.
 */
final class Chain {
  /** What a Prometheus of kube-prometheus-stack selects by, unless told otherwise. */
  private static final Map.Entry<String, String> RELEASE =
      Map.entry("release", "kube-prometheus-stack");

  private final Render render;
  private final List<String> breaks = new ArrayList<>();

  private Chain(Render render) {
    this.render = render;
  }

  /** Finds the broken links of a render with a ServiceMonitor or a PodMonitor. */
  static List<String> breaksOf(Render render) {
    Chain chain = new Chain(render);
    chain.checkMonitor();
    chain.checkNetworkPolicy();
    return chain.breaks;
  }

  private JsonNode podTemplate() {
    return render.only("Deployment").at("/spec/template");
  }

  private JsonNode container() {
    return podTemplate().at("/spec/containers/0");
  }

  private void check(boolean holds, String name) {
    if (!holds) {
      breaks.add(name);
    }
  }

  private void checkMonitor() {
    JsonNode monitor =
        render.find("ServiceMonitor").or(() -> render.find("PodMonitor")).orElseThrow();
    check(
        monitor.at("/metadata/labels/" + RELEASE.getKey()).asString("").equals(RELEASE.getValue()),
        "kube-prometheus-stack does not select the monitor");
    boolean byService = monitor.path("kind").asString().equals("ServiceMonitor");
    JsonNode endpoint = monitor.at(byService ? "/spec/endpoints/0" : "/spec/podMetricsEndpoints/0");
    check(
        endpoint.path("path").asString("").equals("/metrics"),
        "the path is not the one that the library serves");
    JsonNode selector = monitor.at("/spec/selector/matchLabels");
    if (byService) {
      checkService(selector, endpoint.path("port").asString(""));
    } else {
      check(isSelected(podTemplate(), selector), "the PodMonitor does not select the pods");
      check(
          hasContainerPort(endpoint.path("port").asString("")),
          "the PodMonitor's port is no port of the container");
    }
  }

  private void checkService(JsonNode selector, String portName) {
    JsonNode service = render.only("Service");
    check(isSelected(service, selector), "the ServiceMonitor does not select the Service");
    check(
        isSelected(podTemplate(), service.at("/spec/selector")),
        "the Service does not select the pods");
    JsonNode port =
        Render.each(service.at("/spec/ports"))
            .filter(candidate -> candidate.path("name").asString("").equals(portName))
            .findFirst()
            .orElse(null);
    check(port != null, "the ServiceMonitor's port is no port of the Service");
    check(
        port == null || hasContainerPort(port.path("targetPort").asString("")),
        "the Service's targetPort is no port of the container");
  }

  private void checkNetworkPolicy() {
    render
        .find("NetworkPolicy")
        .ifPresent(
            policy ->
                check(
                    Render.each(policy.at("/spec/ingress")).anyMatch(this::admitsScraper),
                    "the NetworkPolicy does not admit the scraper"));
  }

  private boolean admitsScraper(JsonNode rule) {
    String port = metricsPort();
    boolean rightPort =
        Render.each(rule.path("ports")).anyMatch(p -> p.path("port").asString("").equals(port));
    boolean rightPeer =
        Render.each(rule.path("from"))
            .anyMatch(
                peer ->
                    peer.at("/namespaceSelector/matchLabels/kubernetes.io~1metadata.name")
                        .asString("")
                        .equals("monitoring"));
    return rightPort && rightPeer;
  }

  private String metricsPort() {
    return hasContainerPort("metrics") ? "metrics" : "http";
  }

  private boolean hasContainerPort(String name) {
    return Render.each(container().path("ports"))
        .anyMatch(port -> port.path("name").asString("").equals(name));
  }

  private static boolean isSelected(JsonNode object, JsonNode selector) {
    JsonNode labels = object.at("/metadata/labels");
    return !selector.isEmpty()
        && selector.properties().stream()
            .allMatch(entry -> entry.getValue().equals(labels.get(entry.getKey())));
  }
}
