package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** An upload that the client breaks off is its fault on WebFlux, as it is on servlets. */
@Tag("webflux")
class WebFluxUploadTest {
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class Application {
    @Bean
    RouterFunction<ServerResponse> routes() {
      return RouterFunctions.route()
          .POST(
              "/read",
              request ->
                  request
                      .bodyToMono(String.class)
                      .flatMap(body -> ServerResponse.ok().bodyValue(body)))
          .POST(
              "/swallow",
              request ->
                  request
                      .bodyToMono(String.class)
                      .onErrorResume(thrown -> Mono.just("none"))
                      .flatMap(body -> ServerResponse.status(500).bodyValue(body)))
          .POST("/form", request -> request.formData().flatMap(form -> ServerResponse.ok().build()))
          .POST(
              "/parts",
              request -> request.multipartData().flatMap(parts -> ServerResponse.ok().build()))
          .build();
    }
  }

  private static final Map<String, String> CONTENT_TYPES =
      Map.of(
          "form", "application/x-www-form-urlencoded",
          "parts", "multipart/form-data; boundary=b");

  private ConfigurableApplicationContext context;

  @BeforeEach
  void start() {
    context =
        WebTest.Stack.WEBFLUX.start(
            Application.class, "management.prometheus.metrics.export.enabled=false");
  }

  @AfterEach
  void stop() {
    context.close();
  }

  private Socket connect() throws IOException {
    int port =
        Integer.parseInt(String.valueOf(context.getEnvironment().getProperty("local.server.port")));
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static void send(Socket socket, String route, String sent) throws IOException {
    socket
        .getOutputStream()
        .write(
            "POST /%s HTTP/1.1\r\nHost: h\r\nContent-Type: %s\r\nContent-Length: 64\r\n\r\n%s"
                .formatted(route, CONTENT_TYPES.getOrDefault(route, "text/plain"), sent)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private double requests(String route, String status) {
    return Samples.of(context.getBean(PrometheusRegistry.class))
        .value(
            "http_requests_total",
            Map.of("handler", "/" + route, "method", "POST", "status", status));
  }

  private void awaitOne(String route, String status) {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(requests(route, status)).isEqualTo(1));
    assertThat(Samples.of(context.getBean(PrometheusRegistry.class)).value("http_requests_total"))
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"read, ''", "read, abc", "swallow, abc", "form, a=b", "parts, --b"})
  void upload_thatIsReset_isTheClientsFault(String route, String sent) throws Exception {
    try (Socket socket = connect()) {
      send(socket, route, sent);
      socket.setSoLinger(true, 0);
    }

    awaitOne(route, "4xx");
  }

  @ParameterizedTest
  @ValueSource(strings = {"read", "form", "parts"})
  void upload_thatEndsEarly_isTheClientsFault(String route) throws Exception {
    try (Socket socket = connect()) {
      send(socket, route, "abc");
      socket.shutdownOutput();
      awaitOne(route, "4xx");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void uploadInChunks_thatIsBrokenOff_isTheClientsFault(boolean reset) throws Exception {
    try (Socket socket = connect()) {
      socket
          .getOutputStream()
          .write(
              "POST /swallow HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      if (reset) {
        socket.setSoLinger(true, 0);
      } else {
        socket.shutdownOutput();
        awaitOne("swallow", "4xx");
      }
    }
    awaitOne("swallow", "4xx");
  }

  @Test
  void upload_thatIsWhole_isParsed() throws Exception {
    String form = "a=" + "b".repeat(62);
    String parts = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n--b--\r\n";
    for (Map.Entry<String, String> upload :
        Map.of("form", form, "parts", (parts + " ".repeat(64)).substring(0, 64)).entrySet()) {
      try (Socket socket = connect()) {
        send(socket, upload.getKey(), upload.getValue());
        socket.setSoTimeout(60_000);
        assertThat((char) socket.getInputStream().readNBytes(10)[9]).isEqualTo('2');
      }
    }

    await().atMost(Duration.ofMinutes(1)).until(() -> requests("form", "2xx") == 1);
    await().atMost(Duration.ofMinutes(1)).until(() -> requests("parts", "2xx") == 1);
  }
}
