package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The rows of a request's body: {@code {"data": [[1.0, 2.0], …]}}, or one row flat. For one
 * request.
 */
final class PredictRequest {
  static final int MAX_ROWS = 10_000;

  private static final int UNFIT = 422;
  private static final int FIRST_ROW_CAPACITY = 16;

  private final JsonParser parser;
  private final List<float[]> rows = new ArrayList<>();
  private int values;

  private PredictRequest(JsonParser parser) {
    this.parser = parser;
  }

  static List<float[]> readRows(HttpServletRequest request)
      throws RefusedRequestException, IOException {
    return JsonBody.read(request, UNFIT, parser -> new PredictRequest(parser).read());
  }

  private List<float[]> read() throws RefusedRequestException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw unfit("The body must be a JSON object with a field \"data\"");
    }
    boolean found = false;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      boolean isData = "data".equals(parser.currentName());
      parser.nextToken();
      if (!isData) {
        parser.skipChildren();
      } else if (found) {
        throw unfit("The field \"data\" is there twice");
      } else {
        readData();
        found = true;
      }
    }
    if (!found) {
      throw unfit("The field \"data\" is missing");
    }
    return rows;
  }

  private void readData() throws RefusedRequestException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw unfit("The field \"data\" must be an array of rows, or of the numbers of one row");
    }
    JsonToken first = parser.nextToken();
    if (first == JsonToken.END_ARRAY) {
      return;
    }
    if (first != JsonToken.START_ARRAY) {
      rows.add(readRow(first));
      return;
    }
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token != JsonToken.START_ARRAY) {
        throw unfit("Row %d is no array of numbers".formatted(rows.size()));
      }
      if (rows.size() == MAX_ROWS) {
        throw JsonBody.tooMany("rows", MAX_ROWS);
      }
      rows.add(readRow(parser.nextToken()));
    }
  }

  private float[] readRow(@Nullable JsonToken first) throws RefusedRequestException {
    int capacity = rows.isEmpty() ? FIRST_ROW_CAPACITY : rows.get(0).length;
    float[] row = new float[capacity];
    int length = 0;
    for (JsonToken token = first; token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      if (token == null || !token.isNumeric()) {
        throw unfit("Value %d of row %d is not a number".formatted(length, rows.size()));
      }
      if (++values > JsonBody.MAX_VALUES) {
        throw JsonBody.tooMany("values", JsonBody.MAX_VALUES);
      }
      if (length == row.length) {
        row = Arrays.copyOf(row, Math.max(FIRST_ROW_CAPACITY, 2 * length));
      }
      // As a double first: getFloatValue() refuses what a float cannot hold, the model says it
      // better.
      row[length++] = (float) parser.getDoubleValue();
    }
    return length == row.length ? row : Arrays.copyOf(row, length);
  }

  private static RefusedRequestException unfit(String message) {
    return new RefusedRequestException(UNFIT, message);
  }
}
