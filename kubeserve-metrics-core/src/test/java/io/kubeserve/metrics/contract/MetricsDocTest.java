package io.kubeserve.metrics.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} is what the contract says; {@code -Ddocs.write=true} writes it anew. */
class MetricsDocTest {
  private static final Path DOC = Path.of("../docs/metrics.md");

  @Test
  void metricsDoc_isGeneratedFromTheContract() throws IOException {
    String expected = render();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(DOC, expected);
    }
    assertThat(DOC).as("stale: run with -Ddocs.write=true").hasContent(expected);
  }

  private static String render() {
    String families =
        Stream.of(MetricFamily.values()).map(MetricsDocTest::row).collect(Collectors.joining("\n"));
    String bounds =
        LatencyBounds.DEFAULT_MILLIS.stream()
            .map(bound -> "%.0f".formatted(bound))
            .collect(Collectors.joining(", "));
    String statuses =
        Stream.of(Status.values())
            .map(status -> '`' + status.labelValue() + '`')
            .collect(Collectors.joining(", "));
    String reserved =
        LabelName.RESERVED.stream()
            .sorted()
            .map(name -> '`' + name + '`')
            .collect(Collectors.joining(", "));
    return """
        # Metrics

        Generated from `io.kubeserve.metrics.contract` by `MetricsDocTest`.

        | metric | type | labels | HELP |
        |---|---|---|---|
        %s

        `status` is one of %s.
        A recorder of one of several models has the labels `model` and `version` too.
        `%s` and `%s` exist only with `builder().quantileGauges(...)`.
        The default bounds of `prediction_latency_ms` are %s ms and +Inf.
        No configuration may use the labels %s.
        """
        .formatted(
            families,
            statuses,
            MetricFamily.PREDICTION_LATENCY_QUANTILE.metricName(),
            MetricFamily.PREDICTION_LATENCY_MAX.metricName(),
            bounds,
            reserved);
  }

  private static String row(MetricFamily family) {
    String labels =
        family.labelNames().stream()
            .map(name -> '`' + name + '`')
            .collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s |"
        .formatted(
            family.metricName(),
            family.type().name().toLowerCase(Locale.ROOT),
            labels,
            family.help());
  }
}
