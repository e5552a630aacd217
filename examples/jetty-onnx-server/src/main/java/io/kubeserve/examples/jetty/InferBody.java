package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an inference request: JSON, or by the binary tensor data extension JSON and the bytes
 * of the tensors after it, little-endian and in the order of the inputs.
 *
 * @see <a href="https://github.com/kserve/open-inference-protocol">the specification</a>
 */
final class InferBody {
  /** How many bytes of a body, of a request or of an answer, are JSON. */
  static final String JSON_LENGTH_HEADER = "Inference-Header-Content-Length";

  private InferBody() {}

  static InferRequest read(HttpServletRequest request) throws RefusedRequestException, IOException {
    BoundedInputStream body = JsonBody.open(request);
    String jsonLength = request.getHeader(JSON_LENGTH_HEADER);
    if (jsonLength == null) {
      InferRequest read = parse(body, body);
      checkData(read);
      return read;
    }
    try {
      return readBinary(body, length(jsonLength));
    } catch (IOException e) {
      if (body.isExceeded()) {
        throw JsonBody.tooLarge();
      }
      throw e;
    }
  }

  private static InferRequest parse(BoundedInputStream body, InputStream json)
      throws RefusedRequestException, IOException {
    return JsonBody.parse(body, json, InferParser.UNFIT, parser -> new InferParser(parser).read());
  }

  private static int length(String header) throws RefusedRequestException {
    try {
      int length = Integer.parseInt(header.trim());
      if (length >= 0 && length <= JsonBody.MAX_BYTES) {
        return length;
      }
    } catch (NumberFormatException notANumber) {
      // said below
    }
    throw InferParser.unfit(
        "The header %s must be a whole number from 0 to %,d"
            .formatted(JSON_LENGTH_HEADER, JsonBody.MAX_BYTES));
  }

  private static InferRequest readBinary(BoundedInputStream body, int jsonLength)
      throws RefusedRequestException, IOException {
    InferRequest read = parse(body, new ByteArrayInputStream(bytes(body, jsonLength, "the JSON")));
    for (InferTensor tensor : read.inputs()) {
      if (tensor.binarySize != null) {
        tensor.setBytes(bytes(body, tensor.binarySize, "the input \"" + tensor.name() + '"'));
      }
    }
    if (body.read() >= 0) {
      throw InferParser.unfit("The body goes on after the bytes of its inputs");
    }
    return read;
  }

  private static byte[] bytes(InputStream body, int count, String what)
      throws RefusedRequestException, IOException {
    byte[] bytes = body.readNBytes(count);
    if (bytes.length < count) {
      throw InferParser.unfit("The body ends before the %,d bytes of %s".formatted(count, what));
    }
    return bytes;
  }

  private static void checkData(InferRequest read) throws RefusedRequestException {
    for (InferTensor tensor : read.inputs()) {
      if (tensor.binarySize != null) {
        throw InferParser.unfit(
            "The input \"%s\" has a binary_data_size, but the request has no header %s"
                .formatted(tensor.name(), JSON_LENGTH_HEADER));
      }
    }
  }
}
