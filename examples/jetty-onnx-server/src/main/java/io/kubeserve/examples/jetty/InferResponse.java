package io.kubeserve.examples.jetty;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An output tensor in the words of the Open Inference Protocol. */
final class InferResponse {
  private InferResponse() {}

  static Map<String, Object> of(
      String model, String version, @Nullable String id, Model.Signature signature, Object output) {
    Map<String, Object> tensor = new LinkedHashMap<>();
    tensor.put("name", signature.output());
    tensor.put("datatype", signature.outputType());
    tensor.put("shape", shape(output));
    List<@Nullable Object> data = new ArrayList<>();
    flatten(output, data);
    tensor.put("data", data);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("model_name", model);
    body.put("model_version", version);
    if (id != null) {
      body.put("id", id);
    }
    body.put("outputs", List.of(tensor));
    return body;
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
