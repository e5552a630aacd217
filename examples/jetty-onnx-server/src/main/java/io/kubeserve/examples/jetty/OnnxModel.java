package io.kubeserve.examples.jetty;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An ONNX model that takes one matrix of floats; its first output is the prediction. */
final class OnnxModel implements Model {
  private static final String BUNDLED = "/iris.onnx";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final String input;
  private final String output;
  private final long width;

  private OnnxModel(byte[] onnx) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Requests run in parallel already; threads of the session's own would only compete.
      options.setIntraOpNumThreads(1);
      session = environment.createSession(onnx, options);
    }
    NodeInfo node = session.getInputInfo().values().iterator().next();
    if (session.getNumInputs() != 1
        || !(node.getInfo() instanceof TensorInfo tensor)
        || tensor.type != OnnxJavaType.FLOAT
        || tensor.getShape().length != 2) {
      throw new IllegalArgumentException(
          "The model must have one input, a matrix of floats, but has "
              + session.getInputInfo().values());
    }
    input = node.getName();
    output = session.getOutputNames().iterator().next();
    width = tensor.getShape()[1];
  }

  /** Loads the Iris classifier that the jar carries. */
  static OnnxModel loadBundled() throws IOException, OrtException {
    try (InputStream in = OnnxModel.class.getResourceAsStream(BUNDLED)) {
      if (in == null) {
        throw new IOException(BUNDLED + " is not in the jar");
      }
      return new OnnxModel(in.readAllBytes());
    }
  }

  static OnnxModel load(Path file) throws IOException, OrtException {
    return new OnnxModel(Files.readAllBytes(file));
  }

  @Override
  public Object predict(List<float[]> rows) throws InvalidRowsException, OrtException {
    long columns = check(rows);
    FloatBuffer buffer = FloatBuffer.allocate(Math.toIntExact(rows.size() * columns));
    rows.forEach(buffer::put);
    buffer.flip();
    long[] shape = {rows.size(), columns};
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), Set.of(output))) {
      return result.get(0).getValue();
    }
  }

  private long check(List<float[]> rows) throws InvalidRowsException {
    if (rows.isEmpty()) {
      throw new InvalidRowsException("data is an empty batch: send at least one row");
    }
    // A negative width is a dimension that the model leaves open.
    long columns = width >= 0 ? width : rows.get(0).length;
    for (int i = 0; i < rows.size(); i++) {
      float[] row = rows.get(i);
      if (row.length != columns) {
        throw new InvalidRowsException(
            "Row %d has %d values, but the model takes %d".formatted(i, row.length, columns));
      }
      for (int j = 0; j < row.length; j++) {
        if (!Float.isFinite(row[j])) {
          throw new InvalidRowsException(
              "Value %d of row %d is %s, but the model takes finite numbers only"
                  .formatted(j, i, row[j]));
        }
      }
    }
    return columns;
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
