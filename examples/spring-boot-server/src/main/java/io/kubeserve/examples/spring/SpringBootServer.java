package io.kubeserve.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** The application. */
@SpringBootApplication(proxyBeanMethods = false)
public class SpringBootServer {
  /** For Spring Boot, which makes one. */
  public SpringBootServer() {}

  /**
   * Runs the server until it is told to stop.
   *
   * @param args properties, such as {@code --port=8080}
   */
  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(SpringBootServer.class);
    // Not by Boot's shutdown hook: ONNX Runtime has one, too, and they run concurrently.
    application.addInitializers(context -> Termination.onSignal(() -> close(context)));
    application.run(args);
  }

  private static boolean close(ConfigurableApplicationContext context) {
    context.close();
    return true;
  }

  @Bean
  ApplicationListener<ApplicationReadyEvent> urls() {
    return ready -> {
      Environment environment = ready.getApplicationContext().getEnvironment();
      String url =
          "http://%s:%s"
              .formatted(
                  environment.getProperty("server.address"),
                  environment.getProperty("local.server.port"));
      System.out.printf("Serving the Iris classifier on %s%n", url);
      System.out.printf("  metrics  %s/metrics%n", url);
      System.out.printf("  health   %s/health, %s/ready%n", url, url);
      System.out.printf(
          "  predict  curl -X POST %s/predict -H 'Content-Type: application/json'"
              + " -d '{\"data\": [[1.0, 2.0, 3.0, 4.0]]}'%n",
          url);
    };
  }
}
