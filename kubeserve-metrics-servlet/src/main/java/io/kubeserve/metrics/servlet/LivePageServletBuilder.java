package io.kubeserve.metrics.servlet;

import io.kubeserve.metrics.Ticker;
import io.kubeserve.metrics.live.LivePage;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link LivePageServlet}. Every method checks immediately what it is given.
 * For one thread.
 *
 * @since 0.1.0
 */
public final class LivePageServletBuilder {
  final LivePage page;
  @Nullable BearerToken token;

  LivePageServletBuilder(LivePage page) {
    this.page = page;
  }

  /**
   * Lets only those look who have the token in a file. A browser asks for it: any user name, and
   * the token as the password. Programs send it as to {@link
   * MetricsServletBuilder#bearerTokenFile}.
   *
   * @param file a file with the token, white space around it left out
   * @return this
   * @throws IllegalArgumentException if the file is empty or cannot be read, or there is a token
   *     already
   */
  public LivePageServletBuilder bearerTokenFile(Path file) {
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
  public LivePageServletBuilder bearerTokenVariable(String name) {
    this.token = BearerToken.ofVariable(name, System.getenv(name)).unlessThereIs(token);
    return this;
  }

  /**
   * Builds the servlet.
   *
   * @return a servlet that is to be registered for {@code /live/*}, with asynchronous support
   */
  public LivePageServlet build() {
    return new LivePageServlet(this);
  }
}
