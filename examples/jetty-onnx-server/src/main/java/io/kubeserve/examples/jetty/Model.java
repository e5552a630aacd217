package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.util.List;

/** What predicts. Safe for use by many threads. */
interface Model extends AutoCloseable {
  /**
   * Predicts a batch.
   *
   * @param rows at least one row of features
   * @return an array with an element for each row
   * @throws InvalidRowsException if the model cannot take the rows
   * @throws OrtException if the model fails
   */
  Object predict(List<float[]> rows) throws InvalidRowsException, OrtException;

  @Override
  void close() throws OrtException;
}
