package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.Ticker;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link MetricsServlet}. Every method checks what it is given at once. For
 * one thread.
 *
 * @since 0.1.0
 */
public final class MetricsServletBuilder {
  private static final int DEFAULT_CONCURRENT_SCRAPES = 4;

  PrometheusRegistry registry = PrometheusRegistry.defaultRegistry;
  int maxConcurrentScrapes = DEFAULT_CONCURRENT_SCRAPES;
  @Nullable BearerToken token;

  /** As long as Prometheus waits for a scrape, unless told otherwise. */
  long sendTimeoutMillis = 10_000;

  int maxUnsentKibibytes = 64 * 1024;

  MetricsServletBuilder() {}

  /**
   * Sets the registry that is shown; by default {@link PrometheusRegistry#defaultRegistry}.
   *
   * @param registry client_java's registry
   * @return this
   */
  public MetricsServletBuilder registry(PrometheusRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
    return this;
  }

  /**
   * Sets how many scrapes are made at once; by default {@value #DEFAULT_CONCURRENT_SCRAPES}.
   *
   * @param scrapes at least 1
   * @return this
   * @throws IllegalArgumentException if it is less
   */
  public MetricsServletBuilder maxConcurrentScrapes(int scrapes) {
    if (scrapes < 1) {
      throw new IllegalArgumentException(
          "maxConcurrentScrapes must be at least 1, not %d: a Prometheus needs one, a pair of them two."
              .formatted(scrapes));
    }
    this.maxConcurrentScrapes = scrapes;
    return this;
  }

  /**
   * Lets only those scrape who send {@code Authorization: Bearer} with the token in a file. The
   * file is read again while the server runs, since Kubernetes replaces the files of a Secret.
   *
   * @param file a file with the token, white space around it left out
   * @return this
   * @throws IllegalArgumentException if the file is empty or cannot be read, or there is a token
   *     already
   */
  public MetricsServletBuilder bearerTokenFile(Path file) {
    this.token = BearerToken.ofFile(file, Ticker.system()).unlessThereIs(token);
    return this;
  }

  /**
   * Lets only those scrape who send {@code Authorization: Bearer} with the token in a variable of
   * the environment.
   *
   * @param name the name of the variable, not the token
   * @return this
   * @throws IllegalArgumentException if the variable is not set, or there is a token already
   */
  public MetricsServletBuilder bearerTokenVariable(String name) {
    this.token = BearerToken.ofVariable(name, System.getenv(name)).unlessThereIs(token);
    return this;
  }

  /**
   * Builds the servlet.
   *
   * @return a servlet that is to be registered for {@code /metrics}, with asynchronous support
   */
  public MetricsServlet build() {
    return new MetricsServlet(this);
  }
}
