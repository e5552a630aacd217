package io.kubeserve.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtEnvironment;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** ONNX Runtime 1.29.0 reports to its makers as soon as it is loaded: docs/rationale.md. */
class TelemetryTest {
  private static final String LIBRARY = "/ai/onnxruntime/native/linux-x64/libonnxruntime.so";

  @Test
  void onnxRuntime_nativeLibrary_knowsNoTelemetryToDisable() throws Exception {
    try (InputStream in = OrtEnvironment.class.getResourceAsStream(LIBRARY)) {
      assertThat(in).isNotNull();
      String library = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      assertThat(library.contains("onnxruntime")).isTrue();
      assertThat(library.contains("ORT_DISABLE_TELEMETRY")).isFalse();
    }
  }
}
