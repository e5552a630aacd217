package io.kubeserve.examples.minimal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.kubeserve.testing.Http;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MinimalTest {
  private static final int MOST_LINES = 60;

  @Test
  void predict_isAnsweredAndCounted() throws IOException {
    HttpServer server = Minimal.start(0);
    try {
      Http http = new Http("http://localhost:" + server.getAddress().getPort());

      assertThat(http.post("/predict", BodyPublishers.ofString("0")).body()).isEqualTo("0.5");
      assertThat(http.post("/predict", BodyPublishers.ofString("x")).statusCode()).isEqualTo(400);
      assertThat(http.metric("predictions_total{status=\"success\"}")).isEqualTo(1);
      assertThat(http.metric("predictions_total{status=\"error\"}")).isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void example_isOneFile() throws IOException {
    Path file = Path.of("src/main/java/io/kubeserve/examples/minimal/Minimal.java");
    List<String> lines = Files.readAllLines(file);

    assertThat(lines).hasSizeLessThanOrEqualTo(MOST_LINES);
  }
}
