package io.kubeserve.examples.batch;

/** A linear score of four features. */
final class LinearModel {
  private static final float[] WEIGHTS = {0.5f, -0.25f, 1f, 2f};
  private static final float BIAS = -1f;

  /**
   * Scores a row.
   *
   * @param row four numbers with commas between
   * @throws IllegalArgumentException if it is anything else
   */
  float score(String row) {
    String[] values = row.split(",", -1);
    if (values.length != WEIGHTS.length) {
      throw new IllegalArgumentException(
          "it has %d values, and the model takes %d".formatted(values.length, WEIGHTS.length));
    }
    float score = BIAS;
    for (int i = 0; i < WEIGHTS.length; i++) {
      score += WEIGHTS[i] * number(values[i]);
    }
    return score;
  }

  private static float number(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"%s\" is not a number".formatted(text), e);
    }
  }
}
