package io.kubeserve.metrics.internal.contract;

import java.util.Set;

/** The names of labels: the contract's own, and those that belong to somebody else. */
public final class LabelName {
  /**
   * The outcome: of a prediction, with the values of {@code Status}; of a request, with the first
   * digit of its HTTP status and {@code xx}, or the whole number.
   */
  public static final String STATUS = "status";

  /** The model, when a server has several. */
  public static final String MODEL = "model";

  /** The version of the model, when a server has several. */
  public static final String VERSION = "version";

  /** The route template that a request was answered by, or {@code none} or {@code other}. */
  public static final String HANDLER = "handler";

  /** The method of a request; its values are upper case, or {@code OTHER}. */
  public static final String METHOD = "method";

  /** The quantile that a gauge of latency is of. */
  public static final String QUANTILE = "quantile";

  /**
   * The part of a prediction; its values are those of {@code Stage}, and those that a user
   * declares.
   */
  public static final String STAGE = "stage";

  /**
   * Why a prediction is an error; its values are those of {@code ErrorReason}, and those that a
   * user declares.
   */
  public static final String REASON = "reason";

  /** The {@link #STATUS} of a request whose HTTP status is none of 100 to 599: {@value}. */
  public static final String OTHER_STATUS = "other";

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
          REASON,
          STAGE,
          STATUS,
          MODEL,
          VERSION);

  private LabelName() {}
}
