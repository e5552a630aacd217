package io.kubeserve.examples.jetty;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tensor as a client sent it: nothing of it has been checked. */
final class InferTensor {
  private static final int FIRST_CAPACITY = 16;
  private static final int NONE = -1;

  String name = "";
  String datatype = "";
  long[] shape = {};

  /** How many bytes the values are, after the JSON; {@code null} if they are in it. */
  @Nullable Integer binarySize;

  private float[] values = new float[FIRST_CAPACITY];
  private int count;
  private int firstOtherValue = NONE;

  /** Adds a value; {@code null} is one that is no number. */
  void add(@Nullable Float value) {
    if (value == null) {
      firstOtherValue = firstOtherValue == NONE ? count : firstOtherValue;
    }
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value == null ? 0 : value;
  }

  /** Sets the values to those of little-endian bytes, where they are floats. */
  void setBytes(byte[] bytes) throws RefusedRequestException {
    if (!datatype.equals(Datatypes.FLOAT)) {
      return; // refused by its datatype
    }
    if (count > 0 || bytes.length % Float.BYTES != 0) {
      throw InferParser.unfit(
          "The input \"%s\" must have either \"data\" or a binary_data_size that is a multiple of %d"
              .formatted(name, Float.BYTES));
    }
    if (bytes.length / Float.BYTES > JsonBody.MAX_VALUES) {
      throw JsonBody.tooMany("values", JsonBody.MAX_VALUES);
    }
    count = bytes.length / Float.BYTES;
    values = new float[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
  }

  String name() {
    return name;
  }

  int rows() {
    return shape.length == 0 ? 0 : (int) Math.max(0, Math.min(shape[0], Integer.MAX_VALUE));
  }

  Matrix matrix(Model.Signature signature) throws InvalidRowsException {
    if (!name.equals(signature.input())) {
      throw new InvalidRowsException(
          "There is no input \"%s\": the model takes \"%s\"".formatted(name, signature.input()));
    }
    if (!datatype.equals(Datatypes.FLOAT)) {
      throw new InvalidRowsException(
          "The input \"%s\" has the datatype \"%s\", but the model takes %s"
              .formatted(name, datatype, Datatypes.FLOAT));
    }
    if (firstOtherValue != NONE) {
      throw new InvalidRowsException(
          "Value %d of the input \"%s\" is not a number".formatted(firstOtherValue, name));
    }
    checkShape(signature.columns());
    int columns = (int) shape[1];
    float[][] rows = new float[(int) shape[0]][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
    }
    return Matrix.of(List.of(rows), signature.columns());
  }

  private void checkShape(long columns) throws InvalidRowsException {
    boolean fits = shape.length == 2 && shape[0] > 0 && shape[1] > 0;
    if (!fits || (columns >= 0 && shape[1] != columns)) {
      throw new InvalidRowsException(
          "The input \"%s\" has the shape %s, but the model takes [-1, %d]"
              .formatted(name, Arrays.toString(shape), columns));
    }
    // Divided, since the product of what a client says may overflow.
    if (count % shape[0] != 0 || count / shape[0] != shape[1]) {
      throw new InvalidRowsException(
          "The input \"%s\" has %d values, which the shape %s does not have"
              .formatted(name, count, Arrays.toString(shape)));
    }
  }
}
