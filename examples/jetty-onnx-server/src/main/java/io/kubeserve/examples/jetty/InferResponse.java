package io.kubeserve.examples.jetty;

import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer with one output tensor, in the words of the Open Inference Protocol.
 *
 * @param json what is said of the tensor, and its values if they are no bytes
 * @param binary its values as bytes; {@code null} if they are in the JSON
 */
@SuppressWarnings("ArrayRecordComponent") // written once, never compared
record InferResponse(byte[] json, byte @Nullable [] binary) {
  static InferResponse of(
      String model,
      String version,
      InferRequest request,
      Model.Signature signature,
      Object output) {
    List<@Nullable Object> values = new ArrayList<>();
    flatten(output, values);
    byte[] binary = request.wantsBinary() ? LittleEndian.bytes(values) : null;
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", signature.output());
    tensor.put("datatype", signature.outputType());
    tensor.put("shape", shape(output));
    if (binary == null) {
      tensor.put("data", values);
    } else {
      tensor.put("parameters", Map.of("binary_data_size", binary.length));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model_name", model);
    body.put("model_version", version);
    if (request.id() != null) {
      body.put("id", request.id());
    }
    body.put("outputs", List.of(tensor));
    return new InferResponse(Json.MAPPER.writeValueAsBytes(body), binary);
  }

  void write(HttpServletResponse response) throws IOException {
    if (binary == null) {
      Json.write(response, HttpServletResponse.SC_OK, json);
      return;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(json);
    body.writeBytes(binary);
    response.setHeader(InferBody.JSON_LENGTH_HEADER, Integer.toString(json.length));
    response.setContentType("application/octet-stream");
    response.setContentLength(body.size());
    body.writeTo(response.getOutputStream());
  }

  /** Returns the dimensions of arrays of arrays. */
  private static List<Integer> shape(Object output) {
    List<Integer> shape = new ArrayList<>();
    for (Object level = output; level != null && level.getClass().isArray(); ) {
      int length = Array.getLength(level);
      shape.add(length);
      level = length == 0 ? null : Array.get(level, 0);
    }
    return shape;
  }

  private static void flatten(@Nullable Object level, List<@Nullable Object> data) {
    if (level == null || !level.getClass().isArray()) {
      data.add(level);
      return;
    }
    for (int i = 0; i < Array.getLength(level); i++) {
      flatten(Array.get(level, i), data);
    }
  }
}
