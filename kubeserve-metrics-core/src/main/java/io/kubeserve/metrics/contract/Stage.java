package io.kubeserve.metrics.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a prediction, one after the other: a value of the label {@code stage}. Four of them
 * every server has; a server may declare further ones where it configures its metrics. Immutable;
 * two of the same label value are equal.
 *
 * @since 0.1.0
 */
public final class Stage {
  /** Waiting for its turn. */
  public static final Stage QUEUE = new Stage("queue");

  /** Making the model's input of what was sent. */
  public static final Stage PREPROCESS = new Stage("preprocess");

  /** The model's own work. */
  public static final Stage INFERENCE = new Stage("inference");

  /** Making an answer of the model's output. */
  public static final Stage POSTPROCESS = new Stage("postprocess");

  /** A stage that was not declared. */
  public static final Stage OTHER = new Stage("other");

  private static final List<Stage> STANDARD =
      List.of(QUEUE, PREPROCESS, INFERENCE, POSTPROCESS, OTHER);

  private final String labelValue;

  private Stage(String labelValue) {
    this.labelValue = labelValue;
  }

  /**
   * Returns the stages that need not be declared.
   *
   * @return the constants of this class, {@link #OTHER} last
   */
  public static List<Stage> standard() {
    return STANDARD;
  }

  /**
   * Returns a stage of one's own, to declare and to use.
   *
   * @param labelValue 1 to 40 lower-case letters, digits and underscores, beginning with a letter
   * @return the stage of that label value
   * @throws IllegalArgumentException if it is anything else
   */
  public static Stage of(String labelValue) {
    return new Stage(LabelToken.require(labelValue, "stage"));
  }

  /**
   * Returns the value of the label {@code stage}.
   *
   * @return for a constant, its name in lower case
   */
  public String labelValue() {
    return labelValue;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Stage stage && labelValue.equals(stage.labelValue));
  }

  @Override
  public int hashCode() {
    return labelValue.hashCode();
  }

  /** Returns the label value. */
  @Override
  public String toString() {
    return labelValue;
  }
}
