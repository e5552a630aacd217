package io.kubeserve.examples.spring;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** Reads rows of numbers, or one row flat, and nothing that only looks like a number. */
final class RowsDeserializer extends ValueDeserializer<List<float[]>> {
  private static final int FIRST_CAPACITY = 16;

  @Override
  public List<float[]> deserialize(JsonParser parser, DeserializationContext context) {
    require(parser.currentToken() == JsonToken.START_ARRAY, context);
    List<float[]> rows = new ArrayList<>();
    JsonToken first = parser.nextToken();
    if (first != null && first.isNumeric()) {
      rows.add(row(parser, first, context));
      return rows;
    }
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      require(token == JsonToken.START_ARRAY, context);
      rows.add(row(parser, parser.nextToken(), context));
    }
    return rows;
  }

  private static float[] row(
      JsonParser parser, @Nullable JsonToken first, DeserializationContext context) {
    float[] row = new float[FIRST_CAPACITY];
    int length = 0;
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      require(token != null && token.isNumeric(), context);
      if (length == row.length) {
        row = Arrays.copyOf(row, 2 * length);
      }
      row[length++] = (float) parser.getDoubleValue();
    }
    return Arrays.copyOf(row, length);
  }

  private static void require(boolean fits, DeserializationContext context) {
    if (!fits) {
      context.reportInputMismatch(float[].class, "data must be an array of rows of numbers");
    }
  }
}
