package io.kubeserve.grafana;

/** The proof on Jetty, with the JVM metrics of client_java. */
class JettyLiveProofIT extends LiveProof {
  JettyLiveProofIT() {
    super("jetty-onnx-server");
  }
}
