package io.kubeserve.metrics.servlet;

import static io.kubeserve.metrics.servlet.FilterFixture.series;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.kubeserve.metrics.http.HttpMetrics;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who reads last, when the application is undeployed, finds every request. */
class LastScrapeTest {
  private final FilterFixture fixture = new FilterFixture();

  /** As one that pushes what a registry has. */
  private record OnDestroyed(Runnable last) implements ServletContextListener {
    @Override
    public void contextDestroyed(ServletContextEvent event) {
      last.run();
    }
  }

  @ParameterizedTest
  @EnumSource
  void contextDestroyed_findsTheLastCount_andNamesAreFreeAfterClose(Container container)
      throws Exception {
    AtomicReference<Map<String, Double>> last = new AtomicReference<>(Map.of());
    RunningServer server =
        container.start(
            context -> {
              context.addListener(new OnDestroyed(() -> last.set(fixture.counts())));
              ContractApp.addFilter(context, new HttpMetricsFilter(fixture.metrics));
              ContractApp.addServlet(
                  context, new Route((request, response) -> response.setStatus(200)), "/predict");
            });
    try (server) {
      server.get("/predict");
      fixture.awaitRequests(1);
    }

    assertThat(last.get()).isEqualTo(Map.of(series("/predict", "GET", "2xx"), 1.0));
    fixture.metrics.unregister();
    assertThatCode(() -> HttpMetrics.builder().registry(fixture.registry).build().unregister())
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @EnumSource
  void filter_thatIsDeployedAgain_goesOnCounting(Container container) throws Exception {
    HttpMetricsFilter filter = new HttpMetricsFilter(fixture.metrics);
    for (int deployment = 1; deployment <= 2; deployment++) {
      try (RunningServer server =
          container.start(
              context -> {
                ContractApp.addFilter(context, filter);
                ContractApp.addServlet(
                    context, new Route((request, response) -> response.setStatus(200)), "/predict");
              })) {
        server.get("/predict");
        fixture.awaitRequests(deployment);
      }
    }
    assertThat(fixture.counts()).isEqualTo(Map.of(series("/predict", "GET", "2xx"), 2.0));
  }

  @Test
  void request_thatEndsAfterTheFilterWasDestroyed_isCounted() throws Exception {
    HttpMetricsFilter filter = new HttpMetricsFilter(fixture.metrics);
    try (RunningServer server =
        Container.JETTY.start(
            context -> {
              ContractApp.addFilter(context, filter);
              ContractApp.addServlet(
                  context,
                  new Route(
                      (request, response) -> {
                        var async = request.startAsync();
                        filter.destroy();
                        async.complete();
                      }),
                  "/predict");
            })) {
      server.get("/predict");
      fixture.awaitRequests(1);
    }
    assertThat(fixture.counts()).isEqualTo(Map.of(series("/predict", "GET", "2xx"), 1.0));
  }
}
