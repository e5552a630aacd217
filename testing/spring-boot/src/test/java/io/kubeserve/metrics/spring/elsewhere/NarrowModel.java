package io.kubeserve.metrics.spring.elsewhere;

import io.kubeserve.metrics.spring.TimedPrediction;

/** A model whose method is seen in its package alone. */
public class NarrowModel {
  @TimedPrediction
  void predict() {}
}
