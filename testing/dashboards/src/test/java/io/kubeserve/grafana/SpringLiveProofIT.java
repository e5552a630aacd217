package io.kubeserve.grafana;

/** The proof on Spring Boot, with the JVM metrics of Micrometer, telling no stages. */
class SpringLiveProofIT extends LiveProof {
  SpringLiveProofIT() {
    super("spring-boot-server", false);
  }
}
