package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kubeserve.testing.Http;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Every way a request to Spring MVC can fail or go elsewhere: on Tomcat, Jetty and Undertow. */
@Tag("container")
class RoutesTest {

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Routes.class)
  static class Application {
    @Bean
    ServletRegistrationBean<HttpServlet> besideTheDispatcher() {
      return new ServletRegistrationBean<>(
          new HttpServlet() {
            @Override
            protected void doGet(HttpServletRequest request, HttpServletResponse response)
                throws IOException {
              response.getWriter().print(request.getPathInfo());
            }
          },
          "/own/*");
    }
  }

  /** The handlers of the test; each has a variable in its path. */
  @Controller
  static class Routes {
    @GetMapping("/callable/{id}")
    @ResponseBody
    Callable<String> callable(@PathVariable("id") String id) {
      return () -> {
        throw new IllegalStateException(id);
      };
    }

    @GetMapping("/future/{id}")
    @ResponseBody
    CompletableFuture<String> future(@PathVariable("id") String id) {
      return CompletableFuture.supplyAsync(
          () -> {
            throw new IllegalStateException(id);
          });
    }

    @GetMapping("/deferred/{id}")
    @ResponseBody
    DeferredResult<String> deferred(@PathVariable("id") String id) {
      DeferredResult<String> result = new DeferredResult<>();
      new Thread(() -> result.setErrorResult(new IllegalStateException(id))).start();
      return result;
    }

    @GetMapping("/streaming/{id}")
    StreamingResponseBody streaming(@PathVariable("id") String id) {
      return out -> {
        throw new IllegalStateException(id);
      };
    }

    @GetMapping("/emitter/{id}")
    SseEmitter emitter(@PathVariable("id") String id) {
      SseEmitter emitter = new SseEmitter();
      new Thread(() -> emitter.completeWithError(new IllegalStateException(id))).start();
      return emitter;
    }

    @GetMapping("/unavailable/{id}")
    @ResponseBody
    Callable<String> unavailable(@PathVariable("id") String id) {
      return () -> {
        throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, id);
      };
    }

    @GetMapping("/timeout/{id}")
    @ResponseBody
    DeferredResult<String> timeout(@PathVariable("id") String id) {
      return new DeferredResult<>(50L);
    }

    @GetMapping("/thrown/{id}")
    @ResponseBody
    String thrown(@PathVariable("id") String id) {
      throw new IllegalStateException(id);
    }

    @GetMapping("/status/{id}")
    @ResponseBody
    String status(@PathVariable("id") String id) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, id);
    }

    @GetMapping("/sent/{id}")
    void sent(@PathVariable("id") String id, HttpServletResponse response) throws Exception {
      response.sendError(500);
    }

    @GetMapping("/forward/{id}")
    String forward(@PathVariable("id") String id) {
      return "forward:/target/" + id;
    }

    @GetMapping("/later/{id}")
    Callable<String> forwardLater(@PathVariable("id") String id) {
      return () -> "forward:/target/" + id;
    }

    @GetMapping("/target/{id}")
    @ResponseBody
    String target(@PathVariable("id") String id) {
      return id;
    }

    @PostMapping("/upload/{id}")
    @ResponseBody
    String upload(@RequestBody byte[] body) {
      return "read";
    }

    @PostMapping("/read/{id}")
    @ResponseBody
    Callable<Integer> later(HttpServletRequest request) {
      return () -> request.getInputStream().readAllBytes().length;
    }
  }

  private static ConfigurableApplicationContext start(String... properties) {
    return new SpringApplicationBuilder(Application.class)
        .web(WebApplicationType.SERVLET)
        .properties("server.port=0")
        .properties(properties)
        .run();
  }

  private static int port(ConfigurableApplicationContext context) {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  private static Set<Map<String, String>> counted(ConfigurableApplicationContext context) {
    PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
    await()
        .until(() -> Samples.of(registry).value("http_request_duration_highr_seconds_count") == 1);
    return Samples.of(registry).scrape().families().values().stream()
        .flatMap(family -> family.samples().keySet().stream())
        .filter(sample -> sample.name().equals("http_requests_total"))
        .map(sample -> Map.copyOf(sample.labels()))
        .collect(Collectors.toSet());
  }

  private static Map<String, String> series(String handler, String method, String status) {
    return Map.of("handler", handler, "method", method, "status", status);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "callable",
        "future",
        "deferred",
        "streaming",
        "emitter",
        "unavailable",
        "timeout",
        "thrown",
        "status",
        "sent"
      })
  void route_thatFails_isItsOwn(String route) {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(new Http("http://127.0.0.1:" + port(context)).get("/" + route + "/1").statusCode())
          .isGreaterThanOrEqualTo(500);

      assertThat(counted(context)).containsExactly(series("/" + route + "/{id}", "GET", "5xx"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"forward", "later"})
  void route_thatGoesElsewhere_isItsOwn(String route) {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(new Http("http://127.0.0.1:" + port(context)).get("/" + route + "/1").body())
          .isEqualTo("1");

      assertThat(counted(context)).containsExactly(series("/" + route + "/{id}", "GET", "2xx"));
    }
  }

  @Test
  void servletBesideTheDispatcher_hasItsMapping() {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(new Http("http://127.0.0.1:" + port(context)).get("/own/1").body())
          .isEqualTo("/1");

      assertThat(counted(context)).containsExactly(series("/own/*", "GET", "2xx"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/app/callable/1, /app/callable/{id}",
    "/app/sent/1, /app/sent/{id}",
    "/app/forward/1, /app/forward/{id}", // it leads out of the dispatcher's path
    "/app/upload/1, none", // 405
    "/app/nothing, none"
  })
  void route_withinTheDispatchersPath_isItsOwn(String path, String handler) {
    try (ConfigurableApplicationContext context = start("spring.mvc.servlet.path=/app")) {
      new Http("http://127.0.0.1:" + port(context)).get(path);

      assertThat(counted(context)).extracting("handler").containsExactly(handler);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"upload", "read"})
  void upload_thatIsBrokenOff_isTheClientsFault(String route) throws Exception {
    try (ConfigurableApplicationContext context = start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(context))) {
      String head =
          "POST /%s/1 HTTP/1.1\r\nHost: h\r\nContent-Length: 32\r\n\r\nabc".formatted(route);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.shutdownOutput();

      assertThat(counted(context)).containsExactly(series("/" + route + "/{id}", "POST", "4xx"));
    }
  }

  /** The containers that the executions of Surefire run this test on. */
  @Test
  void container_isTheOneThatIsMeant() {
    try (ConfigurableApplicationContext context = start()) {
      String container = System.getProperty("container", "tomcat");
      assertThat(context.getBean(ServletContext.class).getServerInfo())
          .containsIgnoringCase(container);
    }
  }
}
