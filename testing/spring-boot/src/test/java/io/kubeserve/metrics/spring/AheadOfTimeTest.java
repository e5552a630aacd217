package io.kubeserve.metrics.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubeserve.metrics.PredictionMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.FieldHint;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/**
 * What Spring prepares ahead of time, as for a native image. An image itself needs GraalVM, which
 * no build here has.
 */
class AheadOfTimeTest {
  private final RuntimeHints hints = new RuntimeHints();

  private void register() {
    AotServices.factories().load(RuntimeHintsRegistrar.class).stream()
        .filter(KubeserveRuntimeHints.class::isInstance)
        .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));
  }

  @Test
  void hints_haveTheFieldsThatAScrapeReads() {
    register();

    assertThat(hints.reflection().typeHints())
        .filteredOn(type -> type.getType().equals(TypeReference.of(PrometheusRegistry.class)))
        .flatExtracting(type -> type.fields().toList())
        .extracting(FieldHint::getName)
        .containsExactlyInAnyOrder("collectors", "multiCollectors");
  }

  @Test
  void hints_haveTheFilesOfTheLivePage() {
    register();

    assertThat(
            Stream.of(
                "io/kubeserve/metrics/live/index.html",
                "io/kubeserve/metrics/live/page.js",
                "META-INF/maven/org.webjars.npm/uplot/pom.properties",
                "META-INF/resources/webjars/uplot/1.6.30/dist/uPlot.iife.min.js"))
        .allSatisfy(
            file -> {
              assertThat(getClass().getClassLoader().getResource(file)).as(file).isNotNull();
              assertThat(RuntimeHintsPredicates.resource().forResource(file)).accepts(hints);
            });
  }

  /** Predicts. */
  static class Service {
    @TimedPrediction
    int predict(int input) {
      return 2 * input;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    PredictionMetricsAutoConfiguration.class,
    TimedPredictionAutoConfiguration.class
  })
  static class Application {
    @Bean
    Service service() {
      return new Service();
    }
  }

  @Test
  @CompileWithForkedClassLoader
  @SuppressWarnings({"rawtypes", "unchecked"})
  void contextPreparedAheadOfTime_countsPredictions() {
    TestGenerationContext generated = new TestGenerationContext();
    AnnotationConfigApplicationContext source = new AnnotationConfigApplicationContext();
    source.register(Application.class);
    var initializer = new ApplicationContextAotGenerator().processAheadOfTime(source, generated);
    generated.writeGeneratedContent();

    TestCompiler.forSystem()
        .with(generated)
        .compile(
            compiled -> {
              try (GenericApplicationContext context = new GenericApplicationContext()) {
                ApplicationContextInitializer prepared =
                    compiled.getInstance(
                        ApplicationContextInitializer.class, initializer.reflectionName());
                prepared.initialize(context);
                context.refresh();

                assertThat(context.getBean(Service.class).predict(3)).isEqualTo(6);
                assertThat(
                        context
                            .getBean(PredictionMetrics.class)
                            .recorder()
                            .model()
                            .latency()
                            .count())
                    .isOne();
              }
            });
  }
}
