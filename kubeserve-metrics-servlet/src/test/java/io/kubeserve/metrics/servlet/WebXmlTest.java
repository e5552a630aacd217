package io.kubeserve.metrics.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.Scrape;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import jakarta.servlet.FilterRegistration;
import jakarta.servlet.ServletRegistration;
import java.nio.file.Path;
import java.util.Map;
import org.apache.catalina.Context;
import org.apache.catalina.startup.ContextConfig;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The filter and the servlet as a {@code web.xml} names them, without code. */
@Tag("container")
class WebXmlTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void webXml_ofTheGuide_measuresAndShows() throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    Context context =
        tomcat.addContext("", Path.of("src/test/resources/webapp").toAbsolutePath().toString());
    context.addLifecycleListener(new ContextConfig());
    Tomcat.addServlet(
        context, "default", new Route((request, response) -> response.setStatus(404)));
    context.addServletMappingDecoded("/", "default");
    tomcat.start();
    try (RunningServer server =
        new RunningServer(tomcat.getConnector().getLocalPort(), "", tomcat::stop)) {
      server.get("/health/live");
      server.get("/nothing");

      assertThat(server.get("/metrics").body())
          .contains("http_requests_total{handler=\"none\",method=\"GET\",status=\"4xx\"} 1.0\n")
          .doesNotContain("handler=\"/");
    }
    tomcat.destroy();
    assertThat(Scrape.of(PrometheusRegistry.defaultRegistry).series()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void initParameters_configureTheFilter(Container container) throws Exception {
    try (RunningServer server =
        container.start(
            context -> {
              FilterRegistration.Dynamic filter =
                  context.addFilter("metrics", HttpMetricsFilter.class);
              filter.setAsyncSupported(true);
              filter.addMappingForUrlPatterns(null, false, "/*");
              filter.setInitParameters(
                  Map.of(
                      "exactStatus", "true",
                      "inProgress", "true",
                      "countBytes", "true",
                      "maxHandlers", "1",
                      "handlerAttribute", "route",
                      "excludedPaths", "/excluded"));
              ContractApp.addServlet(
                  context,
                  new Route(
                      (request, response) -> {
                        request.setAttribute("route", request.getQueryString());
                        response.setStatus(202);
                      }),
                  "/");
            })) {
      server.get("/a?one");
      server.get("/a?two");
      server.get("/excluded?one");

      Scrape scrape = Scrape.of(PrometheusRegistry.defaultRegistry);
      assertThat(scrape.value("http_requests_total{handler=\"one\",method=\"GET\",status=\"202\"}"))
          .isEqualTo(1);
      assertThat(
              scrape.value("http_requests_total{handler=\"other\",method=\"GET\",status=\"202\"}"))
          .isEqualTo(1);
      assertThat(scrape.value("http_requests_inprogress")).isZero();
    }
    assertThat(Scrape.of(PrometheusRegistry.defaultRegistry).series()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exactStatus | yes | Init parameter exactStatus: \"yes\" is neither true nor false.",
        "maxHandlers | many | Init parameter maxHandlers: \"many\" is no whole number.",
        "maxHandlers | 0 | Init parameter maxHandlers: maxHandlers must be at least 1",
        "excludedPaths | metrics | Init parameter excludedPaths: \"metrics\" is no path pattern",
        "excludedPaths | /a*b | \"/a*b\" is no path pattern: write a path such as /metrics",
        "handlerAttribute | '' | The handlerAttribute must not be blank",
        "excludedPath | /metrics | There is no init parameter excludedPath: those there are are",
      })
  void initParameter_ofTheFilterThatIsWrong_failsTheStart(
      String name, String value, String sentence) throws Exception {
    assertStartFails(
        sentence,
        context -> {
          FilterRegistration.Dynamic filter = context.addFilter("metrics", HttpMetricsFilter.class);
          filter.setInitParameter(name, value);
          filter.addMappingForUrlPatterns(null, false, "/*");
        });
    assertThat(Scrape.of(PrometheusRegistry.defaultRegistry).series()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "maxConcurrentScrapes | 0 | maxConcurrentScrapes must be at least 1",
        "bearerTokenFile | /no/such/file | The file /no/such/file of the bearer token cannot be",
        "bearerTokenVariable | NO_SUCH | The variable NO_SUCH of the bearer token is not set",
        "bearerToken | s3cret | There is no init parameter bearerToken: those there are are",
      })
  void initParameter_ofTheServletThatIsWrong_failsTheStart(
      String name, String value, String sentence) throws Exception {
    assertStartFails(
        sentence,
        context -> {
          ServletRegistration.Dynamic servlet = context.addServlet("m", MetricsServlet.class);
          servlet.setInitParameter(name, value);
          servlet.setLoadOnStartup(1);
          servlet.addMapping("/metrics");
        });
  }

  /** Only Jetty hands the exception of a filter or servlet on to the code that starts it. */
  private static void assertStartFails(String sentence, Container.Application application) {
    Throwable failure =
        org.assertj.core.api.Assertions.catchThrowable(() -> Container.JETTY.start(application));
    StringBuilder messages = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      messages.append(cause.getMessage()).append('\n');
    }
    assertThat(messages.toString()).contains(sentence).doesNotContain("s3cret");
  }
}
