package io.kubeserve.examples.jetty;

import java.nio.FloatBuffer;
import java.util.List;

/**
 * Rows of features that a model can take.
 *
 * @param values all values, row by row
 * @param rows at least 1
 * @param columns the length of a row
 */
record Matrix(FloatBuffer values, int rows, int columns) {
  /**
   * Puts rows together.
   *
   * @param rows what a client sent
   * @param width how many columns the model takes; negative for any number
   * @throws InvalidRowsException if it cannot take them
   */
  static Matrix of(List<float[]> rows, long width) throws InvalidRowsException {
    if (rows.isEmpty()) {
      throw new InvalidRowsException("data is an empty batch: send at least one row");
    }
    long columns = width >= 0 ? width : rows.get(0).length;
    FloatBuffer values = FloatBuffer.allocate(Math.toIntExact(rows.size() * columns));
    for (int i = 0; i < rows.size(); i++) {
      float[] row = rows.get(i);
      if (row.length != columns) {
        throw new InvalidRowsException(
            "Row %d has %d values, but the model takes %d".formatted(i, row.length, columns));
      }
      checkFinite(row, i);
      values.put(row);
    }
    return new Matrix(values.flip(), rows.size(), (int) columns);
  }

  private static void checkFinite(float[] row, int index) throws InvalidRowsException {
    for (int j = 0; j < row.length; j++) {
      if (!Float.isFinite(row[j])) {
        throw new InvalidRowsException(
            "Value %d of row %d is %s, but the model takes finite numbers only"
                .formatted(j, index, row[j]));
      }
    }
  }

  long[] shape() {
    return new long[] {rows, columns};
  }
}
