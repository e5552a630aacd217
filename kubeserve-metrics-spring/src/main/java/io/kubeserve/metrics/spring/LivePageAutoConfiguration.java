package io.kubeserve.metrics.spring;

import static io.kubeserve.metrics.spring.InvalidPropertyException.check;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.http.HttpMetrics;
import io.kubeserve.metrics.live.LivePage;
import io.kubeserve.metrics.live.LivePageBuilder;
import io.kubeserve.metrics.live.SummaryJson;
import io.kubeserve.metrics.spring.KubeserveMetricsProperties.Live;
import java.net.URI;
import java.time.Duration;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * The live page and the summary, for servlets and for WebFlux alike, if they are asked for.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = HttpMetricsAutoConfiguration.class)
@ConditionalOnWebApplication
@ConditionalOnBean(KubeserveMetricsProperties.class)
public class LivePageAutoConfiguration {
  private static final String ACTUATORS_SCRAPE = "prometheusEndpoint";

  /** For Spring Boot, which makes one. */
  public LivePageAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  @ConditionalOnProperty(prefix = KubeserveMetricsProperties.PREFIX, name = "summary.enabled")
  SummaryJson kubeserveSummary(PredictionMetrics metrics) {
    return new SummaryJson(metrics);
  }

  /** Its samples begin with the server, and not with the first viewer. */
  @Bean(initMethod = "start")
  @ConditionalOnMissingBean
  @ConditionalOnProperty(prefix = KubeserveMetricsProperties.PREFIX, name = "live.enabled")
  LivePage kubeserveLivePage(
      PredictionMetrics metrics,
      ObjectProvider<HttpMetrics> http,
      KubeserveMetricsProperties properties,
      Environment environment,
      ListableBeanFactory beans) {
    Live live = properties.live();
    pattern(live);
    LivePageBuilder builder = LivePage.builder(metrics);
    http.ifAvailable(requests -> builder.requests(requests::requestsByStatus));
    Duration slowAbove = live.slowAbove();
    if (slowAbove != null) {
      check("live.slow-above", slowAbove, () -> builder.slowAbove(slowAbove));
    }
    URI grafana = live.grafana();
    if (grafana != null) {
      check("live.grafana", grafana, () -> builder.grafana(grafana));
    }
    String scrapePath =
        beans.containsBean(ACTUATORS_SCRAPE)
            ? ActuatorPaths.scrape(beans, environment)
            : properties.scrapePath();
    if (scrapePath == null) {
      builder.scrapeLink(false); // it cannot lead to another port
    } else {
      builder.scrapePath(relative(live.path(), scrapePath));
    }
    return builder.build();
  }

  /** The pattern of the page and its files, once its path is found to be one. */
  static String pattern(Live live) {
    check("live.path", live.path(), () -> requirePath(live.path()));
    return live.path() + "/*";
  }

  private static void requirePath(String path) {
    if (!path.matches("(/[\\w.~-]+)+")) {
      throw new IllegalArgumentException(
          "The path of the live page begins with a slash and ends without one, such as /live.");
    }
  }

  /** Leads from the page to another path of the application, whatever path that itself has. */
  private static String relative(String page, String path) {
    return "../".repeat((int) page.chars().filter(c -> c == '/').count()) + path.substring(1);
  }
}
