package io.kubeserve.charts;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that cannot be meant fail the render with a sentence. */
class ContradictionTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "monitoring: {podMonitor: {enabled: true}} | every pod would be scraped twice",
        "monitoring: {serviceMonitor: {interval: 5s}} | scrapeTimeout (10s) is longer than its interval (5s)",
        "monitoring: {serviceMonitor: {interval: 1m, scrapeTimeout: 1m1s}} | scrapeTimeout (1m1s) is longer",
        "monitoring: {serviceMonitor: {interval: 900ms, scrapeTimeout: 1s}} | scrapeTimeout (1s) is longer",
        "monitoring: {serviceMonitor: {nativeHistograms: {enabled: true, keepClassic: false}}} | would drop the classic buckets",
        "{autoscaling: {enabled: true}, keda: {enabled: true}} | they would fight over the number of pods",
        "autoscaling: {enabled: true, minReplicas: 6} | autoscaling.minReplicas (6) is more than maxReplicas (5)",
        "keda: {enabled: true, minReplicas: 6} | keda.minReplicas (6) is more than maxReplicas (5)",
        "autoscaling: {enabled: true, metrics: {cpuUtilization: null}} | give it something to scale by",
        "{keda: {enabled: true}, monitoring: {serviceMonitor: {deploymentLabel: false}}} | KEDA's query selects by that label",
        "monitoring: {prometheusRule: {enabled: true, slo: {availability: {objectivePercent: 90}}}} | could never fire: raise it, or lower slo.windowDays",
        "model: {source: persistentVolumeClaim} | name the claim that has the model",
        "model: {source: objectStore} | say where the model is",
        "model: {source: objectStore, objectStore: {uri: ':s3:a/b'}} | name the Secret with the store's credentials",
        "ports: {http: 8080, metrics: 8080} | give them two ports",
      })
  void contradiction_failsTheRender(String values, String sentence) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "monitoring: {serviceMonitor: {intervall: 30s}} | intervall",
        "monitoring: {serviceMonitor: {interval: 30}} | interval",
        "monitoring: {serviceMonitor: {scrapeTimeout: ten}} | scrapeTimeout",
        "monitoring: {prometheusRule: {slo: {latency: {thresholdMillis: 300}}}} | thresholdMillis",
        "model: {source: bucket} | source",
        "ports: {http: 70000} | http",
        "replicaCount: -1 | replicaCount",
        "image: {digest: latest} | digest",
        "nonsense: 1 | nonsense",
      })
  void value_thatTheSchemaDoesNotKnow_failsTheRender(String values, String name) {
    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(name);
  }
}
