package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Deliberate breaks of the chain: each is caught, by its name and no other. */
class ChainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ServiceMonitor | /spec/selector/matchLabels | app.kubernetes.io/instance | another | the ServiceMonitor does not select the Service",
        "ServiceMonitor | /spec/endpoints/0 | port | web | the ServiceMonitor's port is no port of the Service",
        "ServiceMonitor | /spec/endpoints/0 | path | /actuator/prometheus | the path is not the one that the library serves",
        "ServiceMonitor | /metadata/labels | release | prometheus | kube-prometheus-stack does not select the monitor",
        "Service | /spec/ports/0 | targetPort | web | the Service's targetPort is no port of the container",
        "Service | /spec/selector | app.kubernetes.io/name | another | the Service does not select the pods",
        "NetworkPolicy | /spec/ingress/1/ports/0 | port | web | the NetworkPolicy does not admit the scraper",
      })
  void brokenLink_isNamed(String kind, String at, String field, String value, String name) {
    Render render = Chart.render("networkPolicy: {enabled: true}");
    assertThat(Chain.breaksOf(render)).isEmpty();

    JsonNode broken = render.only(kind).at(at);
    ((ObjectNode) broken).put(field, value);

    assertThat(Chain.breaksOf(render)).containsExactly(name);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/securityContext | runAsNonRoot | model-server: runAsNonRoot",
        "/containers/0/securityContext | allowPrivilegeEscalation | model-server: allowPrivilegeEscalation",
        "/containers/0/securityContext | readOnlyRootFilesystem | model-server: readOnlyRootFilesystem",
        "/containers/0/securityContext | capabilities | model-server: capabilities.drop",
        "/securityContext | seccompProfile | model-server: seccompProfile",
      })
  void missingSecurity_isNamed(String at, String field, String name) {
    JsonNode pod = Chart.render("").only("Deployment").at("/spec/template/spec");
    ((ObjectNode) pod.at(at)).remove(field);

    assertThat(PodSecurity.violationsOf(pod)).containsExactly(name);
  }
}
