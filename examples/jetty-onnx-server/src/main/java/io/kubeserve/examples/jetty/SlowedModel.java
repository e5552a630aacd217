package io.kubeserve.examples.jetty;

import ai.onnxruntime.OrtException;
import java.time.Duration;
import java.util.List;

/**
 * A model that takes longer than it needs, so that dashboards and alerts have something to show.
 *
 * @param model what predicts
 * @param addedLatency how much longer every prediction takes
 */
record SlowedModel(Model model, Duration addedLatency) implements Model {
  @Override
  public Object predict(List<float[]> rows) throws InvalidRowsException, OrtException {
    try {
      Thread.sleep(addedLatency.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server stops: no need to be slow any more
    }
    return model.predict(rows);
  }

  @Override
  public void close() throws OrtException {
    model.close();
  }
}
