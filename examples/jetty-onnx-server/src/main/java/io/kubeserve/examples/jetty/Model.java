package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.util.List;

/** What predicts. Safe for use by many threads. */
interface Model extends AutoCloseable {
  /** Returns what the model takes and gives. */
  Signature signature();

  /**
   * Predicts a batch.
   *
   * @param input at least one row of features, as many columns as the signature says
   * @return an array with an element for each row
   * @throws OrtException if the model fails
   */
  Object infer(Matrix input) throws OrtException;

  @Override
  void close() throws OrtException;

  /**
   * What a model takes and gives.
   *
   * @param input the name of its input, a matrix of floats
   * @param columns the columns of that matrix; negative if the model leaves them open
   * @param output the name of its first output
   * @param outputType its type, as the Open Inference Protocol names it
   * @param outputShape its dimensions; negative ones are open
   */
  record Signature(
      String input, long columns, String output, String outputType, List<Long> outputShape) {}
}
