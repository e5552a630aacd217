package io.kubeserve.metrics.internal.contract;

import io.prometheus.metrics.model.snapshots.MetricMetadata;
import java.util.List;
import java.util.regex.Pattern;

/** A metric family of the contract: its name, type, HELP text and own labels. Immutable. */
public final class MetricFamily {
  /** The type of a family, as Prometheus names it. */
  public enum Type {
    /** A value that only grows. */
    COUNTER,
    /** A value that goes up and down. */
    GAUGE,
    /** A distribution over buckets. */
    HISTOGRAM,
    /** A count and a sum. */
    SUMMARY,
    /** A gauge that is always 1: what it tells is in its labels. */
    INFO
  }

  /** What client_java adds to a name by itself. */
  private static final Pattern SUFFIX = Pattern.compile("(_total|_info)$");

  private final String metricName;
  private final Type type;
  private final String help;
  private final List<String> labelNames;
  private final String registryName;
  private final MetricMetadata metadata;

  /**
   * Makes a family.
   *
   * @param metricName the name as it stands in PromQL, for a counter with {@code _total}
   * @param type the type
   * @param help the HELP text, one line
   * @param labelNames the labels that it always has, besides those that a configuration adds
   */
  public MetricFamily(String metricName, Type type, String help, List<String> labelNames) {
    this.metricName = metricName;
    this.type = type;
    this.help = help;
    this.labelNames = labelNames;
    this.registryName = SUFFIX.matcher(metricName).replaceFirst("");
    // Made once: it checks its name.
    this.metadata = new MetricMetadata(registryName, help);
  }

  /**
   * Returns the name as it stands in PromQL.
   *
   * @return the name, for a counter with {@code _total}
   */
  public String metricName() {
    return metricName;
  }

  /**
   * Returns the name as client_java's registry knows it.
   *
   * @return the name, without {@code _total} and {@code _info}
   */
  public String registryName() {
    return registryName;
  }

  /**
   * Returns the name and the HELP text as client_java's snapshots have them.
   *
   * @return always the same
   */
  public MetricMetadata metadata() {
    return metadata;
  }

  /**
   * Returns the type.
   *
   * @return the type, as Prometheus names it
   */
  public Type type() {
    return type;
  }

  /**
   * Returns the HELP text.
   *
   * @return one line
   */
  public String help() {
    return help;
  }

  /**
   * Returns the labels that the family always has, besides those that a configuration adds.
   *
   * @return the label names, never {@code le}
   */
  public List<String> labelNames() {
    return labelNames;
  }
}
