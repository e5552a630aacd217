package io.kubeserve.examples.jetty;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of an inference request of the Open Inference Protocol: {@code {"inputs": [{"name": …,
 * "shape": […], "datatype": …, "data": […]}]}}.
 *
 * @param id what the client calls the request; {@code null} if nothing
 * @param inputs the tensors, of any type
 * @param outputs the outputs that the client wants; none for all
 * @param binaryOutput whether outputs are to come as bytes where they do not say themselves
 */
record InferRequest(
    @Nullable String id, List<InferTensor> inputs, List<Output> outputs, boolean binaryOutput) {
  /**
   * An output that the client wants.
   *
   * @param name its name
   * @param binary whether it is to come as bytes; {@code null} if the client does not say
   */
  record Output(String name, @Nullable Boolean binary) {}

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
    checkOutputs(signature);
    if (inputs.size() != 1) {
      throw new InvalidRowsException(
          "The model takes one input, \"%s\", but the request has %d"
              .formatted(signature.input(), inputs.size()));
    }
    return inputs.get(0).matrix(signature);
  }

  private void checkOutputs(Model.Signature signature) throws InvalidRowsException {
    for (Output output : outputs) {
      if (!output.name().equals(signature.output())) {
        throw new InvalidRowsException(
            "There is no output \"%s\": the model gives \"%s\""
                .formatted(output.name(), signature.output()));
      }
    }
    if (wantsBinary() && Datatypes.isHalf(signature.outputType())) {
      throw new InvalidRowsException(
          "The output \"%s\" is %s, which this server sends as JSON only: set binary_data to false"
              .formatted(signature.output(), signature.outputType()));
    }
  }

  /** Tells whether the output is to come as bytes. */
  boolean wantsBinary() {
    Boolean asked = outputs.isEmpty() ? null : outputs.get(0).binary();
    return asked == null ? binaryOutput : asked;
  }
}
