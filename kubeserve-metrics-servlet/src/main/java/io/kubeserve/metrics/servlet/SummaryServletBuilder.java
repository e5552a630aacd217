package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.Ticker;
import io.kubeserve.metrics.live.SummaryJson;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link SummaryServlet}. Every method checks immediately what it is given.
 * For one thread.
 *
 * @since 0.1.0
 */
public final class SummaryServletBuilder {
  final SummaryJson summary;
  @Nullable BearerToken token;

  SummaryServletBuilder(SummaryJson summary) {
    this.summary = summary;
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
   * Takes the token from a variable of the environment, instead of a file.
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
