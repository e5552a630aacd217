package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.Ticker;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link SummaryServlet}. Every method checks what it is given at once. For
 * one thread.
 */
public final class SummaryServletBuilder {
  final PredictionMetrics metrics;
  @Nullable BearerToken token;

  SummaryServletBuilder(PredictionMetrics metrics) {
    this.metrics = Objects.requireNonNull(metrics, "metrics");
  }

  /**
   * Lets only those read who send {@code Authorization: Bearer} with the token in a file, as {@link
   * MetricsServletBuilder#bearerTokenFile} does.
   *
   * @param file a file with the token, white space around it left out
   * @return this
   * @throws IllegalArgumentException if the file is empty or cannot be read, or there is a token
   *     already
   */
  public SummaryServletBuilder bearerTokenFile(Path file) {
    this.token = BearerToken.ofFile(file, Ticker.system()).unlessThereIs(token);
    return this;
  }

  /**
   * Lets only those read who send {@code Authorization: Bearer} with the token in a variable of the
   * environment.
   *
   * @param name the name of the variable, not the token
   * @return this
   * @throws IllegalArgumentException if the variable is not set, or there is a token already
   */
  public SummaryServletBuilder bearerTokenVariable(String name) {
    this.token = BearerToken.ofVariable(name, System.getenv(name)).unlessThereIs(token);
    return this;
  }

  /**
   * Builds the servlet.
   *
   * @return a servlet that is to be registered for {@code /metrics/summary}
   */
  public SummaryServlet build() {
    return new SummaryServlet(this);
  }
}
