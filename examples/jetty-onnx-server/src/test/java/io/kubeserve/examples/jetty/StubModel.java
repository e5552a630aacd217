package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.util.List;

/** A model that does what a test says, with any number of columns. */
record StubModel(Inference inference) implements Model {
  @FunctionalInterface
  interface Inference {
    Object infer(Matrix input) throws OrtException;
  }

  @Override
  public Signature signature() {
    return new Signature("X", -1, "label", "INT64", List.of(-1L));
  }

  @Override
  public Object infer(Matrix input) throws OrtException {
    return inference.infer(input);
  }

  @Override
  public void close() {}
}
