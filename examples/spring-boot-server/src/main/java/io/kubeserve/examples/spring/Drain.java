package io.kubeserve.examples.spring;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * The first phase of a stop: Boot has made readiness 503, and for a while every request is still
 * answered, with {@code Connection: close}, so that clients that keep connections go elsewhere.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Drain implements Filter, SmartLifecycle {
  private static final System.Logger LOGGER = System.getLogger(Drain.class.getName());

  /** What was accepted last is read within this. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(1);

  private final WebServerApplicationContext context;
  private final Duration duration;
  private volatile boolean running;
  private volatile boolean draining;

  /**
   * Makes one.
   *
   * @param context whose web server is stopped
   * @param seconds how long requests are still answered
   */
  Drain(WebServerApplicationContext context, @Value("${drain}") int seconds) {
    if (seconds < 0) {
      throw new IllegalArgumentException("drain must not be negative, but is " + seconds);
    }
    this.context = context;
    this.duration = Duration.ofSeconds(seconds);
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    if (draining && response instanceof HttpServletResponse http) {
      http.setHeader("Connection", "close");
    }
    chain.doFilter(request, response);
  }

  /** The last to start and the first to stop: before Boot's own graceful shutdown. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Blocks, since what is waited for after it has a time-out of its own. */
  @Override
  public void stop() {
    LOGGER.log(System.Logger.Level.INFO, "Answers for {0} more", duration);
    draining = true;
    try {
      Thread.sleep(duration.toMillis());
      closeListener();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running = false;
  }

  /**
   * Before Boot pauses Tomcat, which answers an empty 503 to all that it reads from then on. The
   * whole time is waited for: Tomcat does not count its connections once it has stopped to listen.
   */
  private void closeListener() throws InterruptedException {
    if (context.getWebServer() instanceof TomcatWebServer server) {
      server.getTomcat().getConnector().getProtocolHandler().closeServerSocketGraceful();
      Thread.sleep(LAST_REQUESTS.toMillis());
    }
  }
}
