package io.kubeserve.metrics.contract;

import java.util.Set;

/** The names of labels: the contract's own, and those that belong to somebody else. */
public final class LabelName {
  /** The outcome of a prediction; its values are those of {@link Status}. */
  public static final String STATUS = "status";

  /** The model, when a server has several. */
  public static final String MODEL = "model";

  /** The version of the model, when a server has several. */
  public static final String VERSION = "version";

  /** The quantile that a gauge of latency is of. */
  public static final String QUANTILE = "quantile";

  /**
   * The names that no configuration may use. Prometheus Operator and the Helm chart attach the
   * first nine to every target, where a metric's own label would be renamed to {@code exported_…}
   * and dashboards would lose it; {@code le} and {@code quantile} belong to the exposition format;
   * the rest belong to this contract.
   */
  public static final Set<String> RESERVED =
      Set.of(
          "namespace",
          "pod",
          "container",
          "service",
          "endpoint",
          "job",
          "instance",
          "deployment",
          "cluster",
          "le",
          QUANTILE,
          STATUS,
          MODEL,
          VERSION);

  private LabelName() {}
}
