package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The body of an inference request of the Open Inference Protocol: {@code {"inputs": [{"name": …,
 * "shape": […], "datatype": …, "data": […]}]}}.
 *
 * @param id what the client calls the request; {@code null} if nothing
 * @param inputs the tensors, of any type
 * @param outputs the names of the outputs that the client wants; none for all
 */
record InferRequest(@Nullable String id, List<InferTensor> inputs, List<String> outputs) {
  private static final int UNFIT = HttpServletResponse.SC_BAD_REQUEST;
  private static final int MAX_TENSORS = 16;

  static InferRequest read(HttpServletRequest request) throws RefusedRequestException, IOException {
    return JsonBody.read(request, UNFIT, parser -> new Body(parser).read());
  }

  /** Returns the size of the batch, as the client says. */
  int items() {
    return inputs.isEmpty() ? 0 : inputs.get(0).rows();
  }

  /**
   * Makes the input of the model.
   *
   * @throws InvalidRowsException if it takes another name, type or shape
   */
  Matrix matrix(Model.Signature signature) throws InvalidRowsException {
    for (String output : outputs) {
      if (!output.equals(signature.output())) {
        throw new InvalidRowsException(
            "There is no output \"%s\": the model gives \"%s\""
                .formatted(output, signature.output()));
      }
    }
    if (inputs.size() != 1) {
      throw new InvalidRowsException(
          "The model takes one input, \"%s\", but the request has %d"
              .formatted(signature.input(), inputs.size()));
    }
    return inputs.get(0).matrix(signature);
  }

  /** Reads a body. */
  private static final class Body {
    private final JsonParser parser;
    private @Nullable String id;
    private final List<InferTensor> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private int values;

    Body(JsonParser parser) {
      this.parser = parser;
    }

    InferRequest read() throws RefusedRequestException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw unfit("The body must be a JSON object with a field \"inputs\"");
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String field = parser.currentName();
        parser.nextToken();
        switch (field) {
          case "id" -> id = text("id");
          case "inputs" -> readEach("inputs", () -> inputs.add(readTensor()));
          case "outputs" -> readEach("outputs", () -> outputs.add(readTensor().name()));
          default -> parser.skipChildren();
        }
      }
      if (inputs.isEmpty()) {
        throw unfit("The field \"inputs\" is missing or empty");
      }
      return new InferRequest(id, inputs, outputs);
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
        parser.nextToken();
        switch (field) {
          case "name" -> tensor.name = text("name");
          case "datatype" -> tensor.datatype = text("datatype");
          case "shape" -> tensor.shape = readShape();
          case "data" -> readData(tensor);
          default -> parser.skipChildren();
        }
      }
      return tensor;
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

    private static RefusedRequestException unfit(String message) {
      return new RefusedRequestException(UNFIT, message);
    }
  }
}
