package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Scope;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/** The handler of a request is made of what the application has, never of what a client sends. */
class ClaimedRoutesTest {
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  @Import(Items.class)
  static class Application {}

  @RestController
  static class Items {
    @GetMapping("/items/{id}")
    String item(@PathVariable("id") String id) {
      return id;
    }
  }

  /** What no other mapping takes goes to one handler, whatever its path. */
  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class TakesEverything {
    @Bean
    SimpleUrlHandlerMapping takesEverything() {
      SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping();
      HttpRequestHandler handler = (request, response) -> response.setStatus(200);
      mapping.setDefaultHandler(handler);
      mapping.setUrlMap(Map.of("/exact", handler));
      mapping.setOrder(1);
      return mapping;
    }
  }

  private static int get(ConfigurableApplicationContext context, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
            URI.create(
                "http://127.0.0.1:"
                    + context.getEnvironment().getProperty("local.server.port")
                    + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> handlers(ConfigurableApplicationContext context, int requests) {
    PrometheusRegistry registry = context.getBean(PrometheusRegistry.class);
    await()
        .until(
            () ->
                Samples.of(registry).value("http_request_duration_highr_seconds_count")
                    == requests);
    return Samples.of(registry).scrape().families().values().stream()
        .flatMap(family -> family.samples().keySet().stream())
        .filter(sample -> sample.name().equals("http_requests_total"))
        .map(sample -> sample.labels().get("handler"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What a proxy in front says of itself, and what anybody may say who is none. */
  private static String[] claims(int number) {
    return new String[] {
      "X-Forwarded-Prefix", "/xyz" + number,
      "X-Forwarded-Host", "host%d.example.org".formatted(number),
      "X-Forwarded-For", "192.0.2." + number % 256,
      "X-HTTP-Method-Override", "METHOD" + number,
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "MVC     | server.port=0                   | ''   | /items/{id}",
        "MVC     | server.servlet.context-path=/v1 | /v1  | /v1/items/{id}",
        "MVC     | spring.mvc.servlet.path=/api    | /api | /api/items/{id}",
        "WEBFLUX | server.port=0                   | ''   | /items/{id}",
      })
  void claimsOfAClient_changeNoHandler(
      WebTest.Stack stack, String property, String prefix, String handler) {
    try (ConfigurableApplicationContext context =
        stack.start(Application.class, property, "server.forward-headers-strategy=framework")) {
      for (int i = 0; i < 260; i++) {
        get(context, prefix + "/items/" + i + ";matrix=" + i, claims(i));
      }

      assertThat(handlers(context, 260)).containsExactly(handler);
    }
  }

  @Test
  void cloudPlatform_trustsHeadersByItself_andHandlerIsTheRoutes() {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.WEBFLUX.start(Application.class, "spring.main.cloud-platform=kubernetes")) {
      for (int i = 0; i < 260; i++) {
        assertThat(get(context, "/items/1", claims(i))).isEqualTo(200);
      }
      assertThat(get(context, "/items/1")).isEqualTo(200);

      assertThat(handlers(context, 261)).containsExactly("/items/{id}");
    }
  }

  @ParameterizedTest
  @CsvSource({"/v1, /v1", "v1/, /v1", "/, ''"})
  void basePathOfWebFlux_isInFront(String configured, String prefix) {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.WEBFLUX.start(
            Application.class,
            "spring.webflux.base-path=" + configured,
            "server.forward-headers-strategy=framework")) {
      assertThat(get(context, prefix + "/items/1")).isEqualTo(200);
      // Spring finds no route within a claimed prefix and a base path.
      get(context, prefix + "/items/1", claims(1));

      assertThat(handlers(context, 2)).isSubsetOf(prefix + "/items/{id}", "none");
    }
  }

  @Test
  void pathsThatNobodyListed_areNone() {
    try (ConfigurableApplicationContext context = WebTest.Stack.MVC.start(TakesEverything.class)) {
      for (int i = 0; i < 10; i++) {
        assertThat(get(context, "/invented/" + i)).isEqualTo(200);
      }
      assertThat(get(context, "/exact")).isEqualTo(200);
      assertThat(get(context, "/items/1")).isEqualTo(200);

      assertThat(handlers(context, 12)).containsExactly("/exact", "/items/{id}", "none");
    }
  }

  @ParameterizedTest
  @CsvSource({"''", "/api"})
  void methodThatNoRouteHas_isNone(String path) throws Exception {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.MVC.start(
            Application.class, "spring.mvc.servlet.path=" + (path.isEmpty() ? "/" : path))) {
      HttpRequest put =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://127.0.0.1:%s%s/items/1"
                          .formatted(
                              context.getEnvironment().getProperty("local.server.port"), path)))
              .DELETE()
              .build();
      assertThat(CLIENT.send(put, BodyHandlers.discarding()).statusCode()).isEqualTo(405);

      assertThat(handlers(context, 1)).containsExactly("none");
    }
  }

  /** A dispatcher that has a context of its own, and in that a handler of every path. */
  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class SecondDispatcher {
    @Bean
    ServletRegistrationBean<DispatcherServlet> admin() {
      AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
      context.register(Admin.class);
      ServletRegistrationBean<DispatcherServlet> registration =
          new ServletRegistrationBean<>(new DispatcherServlet(context), "/admin/*");
      registration.setName("admin");
      return registration;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Admin {
    @Bean
    SimpleUrlHandlerMapping everything() {
      SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping();
      HttpRequestHandler handler = (request, response) -> response.setStatus(200);
      mapping.setDefaultHandler(handler);
      mapping.setOrder(1);
      return mapping;
    }
  }

  @Test
  void defaultHandler_ofAnotherDispatcher_isNoRoute() {
    try (ConfigurableApplicationContext context = WebTest.Stack.MVC.start(SecondDispatcher.class)) {
      assertThat(get(context, "/admin/x1")).isEqualTo(200);
      get(context, "/admin/x2/y");
      get(context, "/items/1");

      assertThat(handlers(context, 3)).containsExactly("/items/{id}", "none");
    }
  }

  /** Made for each request. */
  @Configuration(proxyBeanMethods = false)
  @Import(Application.class)
  static class PrototypeTakesEverything {
    @Bean
    @Scope("prototype")
    HttpRequestHandler everything() {
      return (request, response) -> response.setStatus(200);
    }

    @Bean
    SimpleUrlHandlerMapping takesEverything() {
      SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping();
      mapping.setDefaultHandler("everything");
      mapping.setOrder(1);
      return mapping;
    }
  }

  @Test
  void defaultHandler_thatIsAPrototype_isNoRoute() {
    try (ConfigurableApplicationContext context =
        WebTest.Stack.MVC.start(PrototypeTakesEverything.class)) {
      get(context, "/x1");
      get(context, "/x2/y");
      get(context, "/items/1");

      assertThat(handlers(context, 3)).containsExactly("/items/{id}", "none");
    }
  }
}
