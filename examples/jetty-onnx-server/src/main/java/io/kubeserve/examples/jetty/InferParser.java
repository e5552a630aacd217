package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the JSON of an inference request; what is {@code null} is as if it were not there. */
final class InferParser {
  static final int UNFIT = HttpServletResponse.SC_BAD_REQUEST;
  private static final int MAX_TENSORS = 16;

  private final JsonParser parser;
  private @Nullable String id;
  private final List<InferTensor> inputs = new ArrayList<>();
  private final List<InferRequest.Output> outputs = new ArrayList<>();
  private int values;
  private boolean binaryOutput;

  InferParser(JsonParser parser) {
    this.parser = parser;
  }

  InferRequest read() throws RefusedRequestException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw unfit("The body must be a JSON object with a field \"inputs\"");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "id" -> id = text("id");
        case "inputs" -> readEach("inputs", () -> inputs.add(readTensor()));
        case "outputs" -> readEach("outputs", () -> outputs.add(readOutput()));
        case "parameters" -> binaryOutput = readParameters().binaryOutput();
        default -> parser.skipChildren();
      }
    }
    if (inputs.isEmpty()) {
      throw unfit("The field \"inputs\" is missing or empty");
    }
    return new InferRequest(id, inputs, outputs, binaryOutput);
  }

  @FunctionalInterface
  private interface Element {
    void read() throws RefusedRequestException;
  }

  private void readEach(String field, Element element) throws RefusedRequestException {
    requireArray(field);
    for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i == MAX_TENSORS) {
        throw unfit("The field \"%s\" has more than %d elements".formatted(field, MAX_TENSORS));
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw unfit("Element %d of \"%s\" is no object".formatted(i, field));
      }
      element.read();
    }
  }

  private InferTensor readTensor() throws RefusedRequestException {
    InferTensor tensor = new InferTensor();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "name" -> tensor.name = text("name");
        case "datatype" -> tensor.datatype = text("datatype");
        case "shape" -> tensor.shape = readShape();
        case "data" -> readData(tensor);
        case "parameters" -> tensor.binarySize = readParameters().binarySize();
        default -> parser.skipChildren();
      }
    }
    return tensor;
  }

  private InferRequest.Output readOutput() throws RefusedRequestException {
    String name = "";
    Boolean binary = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "name" -> name = text("name");
        case "parameters" -> binary = readParameters().binary();
        default -> parser.skipChildren();
      }
    }
    return new InferRequest.Output(name, binary);
  }

  /** Those of the request, of an input or of an output. */
  private record Parameters(
      boolean binaryOutput, @Nullable Boolean binary, @Nullable Integer binarySize) {}

  private Parameters readParameters() throws RefusedRequestException {
    requireObject();
    boolean binaryOutput = false;
    Boolean binary = null;
    Integer binarySize = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      switch (field) {
        case "binary_data_output" -> binaryOutput = flag(field);
        case "binary_data" -> binary = flag(field);
        case "binary_data_size" -> binarySize = size(field);
        case "classification", "shared_memory_region" ->
            throw unfit("The parameter \"%s\" is not supported: leave it out".formatted(field));
        default -> parser.skipChildren();
      }
    }
    return new Parameters(binaryOutput, binary, binarySize);
  }

  private boolean flag(String field) throws RefusedRequestException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw unfit("The parameter \"%s\" must be true or false".formatted(field));
    }
    return token == JsonToken.VALUE_TRUE;
  }

  private int size(String field) throws RefusedRequestException {
    long size = parser.currentToken() == JsonToken.VALUE_NUMBER_INT ? parser.getLongValue() : -1;
    if (size < 0 || size > JsonBody.MAX_BYTES) {
      throw unfit(
          "The parameter \"%s\" must be a whole number from 0 to %,d"
              .formatted(field, JsonBody.MAX_BYTES));
    }
    return (int) size;
  }

  private void requireObject() throws RefusedRequestException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw unfit("The field \"parameters\" must be an object");
    }
  }

  private long[] readShape() throws RefusedRequestException {
    requireArray("shape");
    long[] shape = new long[0];
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT || shape.length == MAX_TENSORS) {
        throw unfit("The field \"shape\" must be an array of a few whole numbers");
      }
      shape = Arrays.copyOf(shape, shape.length + 1);
      shape[shape.length - 1] = parser.getLongValue();
    }
    return shape;
  }

  /** Row by row, whether the rows are arrays of their own or not. */
  private void readData(InferTensor tensor) throws RefusedRequestException {
    requireArray("data");
    for (int depth = 1; depth > 0; ) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_ARRAY) {
        depth++;
      } else if (token == JsonToken.END_ARRAY) {
        depth--;
      } else if (token == null || token == JsonToken.START_OBJECT) {
        throw unfit("The field \"data\" must be an array of values");
      } else {
        if (++values > JsonBody.MAX_VALUES) {
          throw JsonBody.tooMany("values", JsonBody.MAX_VALUES);
        }
        tensor.add(token.isNumeric() ? (float) parser.getDoubleValue() : null);
      }
    }
  }

  private void requireArray(String field) throws RefusedRequestException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw unfit("The field \"%s\" must be an array".formatted(field));
    }
  }

  private String text(String field) throws RefusedRequestException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw unfit("The field \"%s\" must be a string".formatted(field));
    }
    return parser.getString();
  }

  static RefusedRequestException unfit(String message) {
    return new RefusedRequestException(UNFIT, message);
  }
}
