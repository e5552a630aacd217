package io.kubeserve.metrics.spring;

import io.kubeserve.testing.ParsedScrape;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a registry shows at a moment. */
record Samples(ParsedScrape scrape) {
  static Samples of(PrometheusRegistry registry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ExpositionFormats.init().getPrometheusTextFormatWriter().write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Samples(ParsedScrape.parse(out.toString(StandardCharsets.UTF_8)));
  }

  /** The sum of the series of a name; 0 if there is none. */
  double value(String name) {
    return scrape.families().values().stream()
        .flatMap(family -> family.samples().entrySet().stream())
        .filter(sample -> sample.getKey().name().equals(name))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** The value of a series; NaN if there is none. */
  double value(String name, Map<String, String> labels) {
    return scrape.families().values().stream()
        .flatMap(family -> family.samples().entrySet().stream())
        .filter(sample -> sample.getKey().equals(new ParsedScrape.Sample(name, labels)))
        .mapToDouble(Map.Entry::getValue)
        .findFirst()
        .orElse(Double.NaN);
  }
}
