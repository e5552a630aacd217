package io.kubeserve.benchmarks;

import io.kubeserve.metrics.PredictionMetrics;
import io.kubeserve.metrics.PredictionRecorder;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** This library's recorder. */
@State(Scope.Benchmark)
public class Ours {
  final PrometheusRegistry registry = new PrometheusRegistry();
  final PredictionRecorder recorder =
      PredictionMetrics.builder().registry(registry).build().recorder();
}
