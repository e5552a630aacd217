package io.kubeserve.metrics.spring;

import static io.kubeserve.metrics.spring.InvalidPropertyException.check;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionMetricsBuilder;
import io.kubeserve.metrics.PredictionRecorder;
import io.kubeserve.metrics.contract.ErrorReason;
import io.kubeserve.metrics.contract.Stage;
import io.kubeserve.metrics.internal.ModuleVersion;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.tracer.common.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Metrics of predictions in the registry of the application: Actuator's, if it has one for
 * Prometheus. Each bean gives way to one of the application's own.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
    afterName = {
      "org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration",
      "org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration"
    })
@ConditionalOnProperty(
    prefix = KubeserveMetricsProperties.PREFIX,
    name = "enabled",
    matchIfMissing = true)
@EnableConfigurationProperties(KubeserveMetricsProperties.class)
public class PredictionMetricsAutoConfiguration {
  /** For Spring Boot, which makes one. */
  public PredictionMetricsAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  PrometheusRegistry prometheusRegistry() {
    return new PrometheusRegistry();
  }

  @Bean
  @ConditionalOnMissingBean
  PredictionMetrics predictionMetrics(
      MetricsLifecycle lifecycle,
      PrometheusRegistry registry,
      KubeserveMetricsProperties properties,
      ObjectProvider<SpanContext> spans,
      ObjectProvider<PredictionMetricsCustomizer> customizers) {
    ModuleVersion.requireThatOfCore(getClass(), "kubeserve-metrics-spring");
    PredictionMetricsBuilder builder = PredictionMetrics.builder().registry(registry);
    // As client_java's own exemplars have it from Actuator: of Brave's or OpenTelemetry's tracer.
    spans.ifUnique(builder::spanContext);
    apply(properties, builder);
    List<PredictionMetricsCustomizer> inOrder = customizers.orderedStream().toList();
    inOrder.forEach(customizer -> customizer.customize(builder));
    return lifecycle.metrics(
        registry, PredictionMetrics.class, options(properties, inOrder), builder::build);
  }

  /** What contexts with one registry must have in common. */
  private static List<Object> options(
      KubeserveMetricsProperties properties, List<PredictionMetricsCustomizer> customizers) {
    return List.of(
        Optional.ofNullable(properties.buckets()),
        properties.labels(),
        Optional.ofNullable(properties.maxModels()),
        properties.nativeHistogram(),
        properties.exemplars(),
        properties.quantiles(),
        Optional.ofNullable(properties.window()),
        properties.stages(),
        properties.errorReasons(),
        properties.labelNames(),
        Optional.ofNullable(properties.maxLabelSets()),
        customizers.stream().<Object>map(PredictionMetricsCustomizer::getClass).toList());
  }

  /** Static, as a post-processor: made before whatever it post-processes. */
  @Bean
  static MetricsLifecycle metricsLifecycle(BeanFactory beans) {
    return new MetricsLifecycle(beans);
  }

  private static void apply(
      KubeserveMetricsProperties properties, PredictionMetricsBuilder builder) {
    List<Double> buckets = properties.buckets();
    if (buckets != null) {
      check("buckets", buckets, () -> builder.bucketsMillis(array(buckets)));
    }
    properties
        .labels()
        .forEach(
            (name, value) ->
                check("labels." + name, value, () -> builder.constantLabel(name, value)));
    Integer maxModels = properties.maxModels();
    if (maxModels != null) {
      check("max-models", maxModels, () -> builder.maxModels(maxModels));
    }
    builder.nativeHistogram(properties.nativeHistogram()).exemplars(properties.exemplars());
    applyOwn(properties, builder);
    List<Double> quantiles = properties.quantiles();
    if (!quantiles.isEmpty()) {
      check("quantiles", quantiles, () -> builder.quantileGauges(array(quantiles)));
    }
    Duration window = properties.window();
    if (window != null) {
      check("window", window, () -> builder.window(window));
    }
  }

  /** What an application adds to the contract: values of labels, and labels. */
  private static void applyOwn(
      KubeserveMetricsProperties properties, PredictionMetricsBuilder builder) {
    List<String> stages = properties.stages();
    check(
        "stages",
        stages,
        () -> builder.stages(stages.stream().map(Stage::of).toArray(Stage[]::new)));
    List<String> reasons = properties.errorReasons();
    check(
        "error-reasons",
        reasons,
        () ->
            builder.errorReasons(
                reasons.stream().map(ErrorReason::of).toArray(ErrorReason[]::new)));
    List<String> labelNames = properties.labelNames();
    check("label-names", labelNames, () -> builder.labelNames(labelNames.toArray(String[]::new)));
    Integer maxLabelSets = properties.maxLabelSets();
    if (maxLabelSets != null) {
      check("max-label-sets", maxLabelSets, () -> builder.maxLabelSets(maxLabelSets));
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  @Bean
  @ConditionalOnMissingBean
  PredictionRecorder predictionRecorder(
      PredictionMetrics metrics, KubeserveMetricsProperties properties) {
    String model = properties.model();
    String version = properties.version();
    if (model == null && version == null) {
      return metrics.recorder();
    }
    if (model == null || version == null) {
      throw new InvalidPropertyException(
          KubeserveMetricsProperties.PREFIX + (model == null ? ".model" : ".version"),
          "",
          new IllegalArgumentException(
              "model and version go together, and one of them is missing"));
    }
    return metrics.recorder(model, version);
  }
}
