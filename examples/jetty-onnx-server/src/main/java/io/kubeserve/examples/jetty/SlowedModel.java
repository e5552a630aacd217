package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.time.Duration;

/**
 * A model that takes longer than it needs, so that dashboards and alerts have something to show.
 *
 * @param model what predicts
 * @param addedLatency how much longer every prediction takes
 */
record SlowedModel(Model model, Duration addedLatency) implements Model {
  @Override
  public Signature signature() {
    return model.signature();
  }

  @Override
  public Object infer(Matrix input) throws OrtException {
    try {
      Thread.sleep(addedLatency.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops: no need to be slow any more
    }
    return model.infer(input);
  }

  @Override
  public void close() throws OrtException {
    model.close();
  }
}
