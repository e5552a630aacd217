package io.kubeserve.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One scrape in the text format: series, as Prometheus writes them, to values. */
public record Scrape(String text, Map<String, Double> samples) {
  @SuppressWarnings("deprecation") // the only way to a writer that client_java 1.2 has too
  public static Scrape of(PrometheusRegistry registry) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new PrometheusTextFormatWriter(false).write(out, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    Map<String, Double> samples = new LinkedHashMap<>();
    for (String line : text.lines().filter(line -> !line.startsWith("#")).toList()) {
      int space = line.lastIndexOf(' ');
      samples.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
    }
    return new Scrape(text, samples);
  }

  /** The value of a series that must be there. */
  public double value(String series) {
    Double value = samples.get(series);
    if (value == null) {
      throw new AssertionError(series + " is not in the scrape:\n" + text);
    }
    return value;
  }

  public Set<String> series() {
    return samples.keySet();
  }

  public double successes() {
    return value("predictions_total{status=\"success\"}");
  }

  public double errors() {
    return value("predictions_total{status=\"error\"}");
  }

  public double inFlight() {
    return value("predictions_in_flight");
  }

  public double count() {
    return value("prediction_latency_ms_count");
  }

  public double sumMillis() {
    return value("prediction_latency_ms_sum");
  }

  public double bucket(String le) {
    return value("prediction_latency_ms_bucket{le=\"" + le + "\"}");
  }
}
