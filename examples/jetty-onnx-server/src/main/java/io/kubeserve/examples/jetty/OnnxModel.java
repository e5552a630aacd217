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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** An ONNX model that takes one matrix of floats; its first output is the prediction. */
final class OnnxModel implements Model {
  private static final String BUNDLED = "/iris.onnx";

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final Signature signature;

  private OnnxModel(byte[] onnx) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      // Requests run in parallel already; threads of the session's own would only compete.
      options.setIntraOpNumThreads(1);
      session = environment.createSession(onnx, options);
    }
    signature = signatureOf(session);
  }

  private static Signature signatureOf(OrtSession session) throws OrtException {
    NodeInfo input = session.getInputInfo().values().iterator().next();
    if (session.getNumInputs() != 1
        || !(input.getInfo() instanceof TensorInfo taken)
        || taken.type != OnnxJavaType.FLOAT
        || taken.getShape().length != 2) {
      throw new IllegalArgumentException(
          "The model must have one input, a matrix of floats, but has "
              + session.getInputInfo().values());
    }
    NodeInfo output = session.getOutputInfo().values().iterator().next();
    if (!(output.getInfo() instanceof TensorInfo given)) {
      throw new IllegalArgumentException(
          "The first output of the model must be a tensor, but is " + output);
    }
    return new Signature(
        input.getName(),
        taken.getShape()[1],
        output.getName(),
        Datatypes.of(given.type),
        Arrays.stream(given.getShape()).boxed().toList());
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
  public Signature signature() {
    return signature;
  }

  @Override
  public Object infer(Matrix input) throws OrtException {
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, input.values(), input.shape());
        OrtSession.Result result =
            session.run(Map.of(signature.input(), tensor), Set.of(signature.output()))) {
      return result.get(0).getValue();
    }
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
