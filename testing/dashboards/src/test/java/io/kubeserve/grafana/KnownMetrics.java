package io.kubeserve.grafana;

import io.kubeserve.metrics.http.internal.HttpFamilies;
import io.kubeserve.metrics.http.internal.ScrapeFamilies;
import io.kubeserve.metrics.internal.contract.LabelName;
import io.kubeserve.metrics.internal.contract.MetricFamily;
import io.kubeserve.metrics.internal.contract.PredictionFamilies;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Every metric that dashboards and rules may name, with its labels. */
final class KnownMetrics {
  /** Labels of a target: what Prometheus Operator and the chart's relabelling give. */
  static final Set<String> TARGET =
      Set.of("cluster", "namespace", "pod", "service", "job", "instance", "endpoint", "deployment");

  /** Of kube-state-metrics, cAdvisor, Prometheus, and the JVM metrics of both libraries. */
  private static final Map<String, Set<String>> OTHERS =
      Map.ofEntries(
          Map.entry("kube_deployment_spec_replicas", Set.of("deployment")),
          Map.entry("kube_deployment_status_replicas_ready", Set.of("deployment")),
          Map.entry("kube_deployment_status_replicas_available", Set.of("deployment")),
          Map.entry("kube_deployment_status_observed_generation", Set.of("deployment")),
          Map.entry(
              "kube_horizontalpodautoscaler_info",
              Set.of("horizontalpodautoscaler", "scaletargetref_kind", "scaletargetref_name")),
          Map.entry(
              "kube_horizontalpodautoscaler_spec_max_replicas", Set.of("horizontalpodautoscaler")),
          Map.entry(
              "kube_horizontalpodautoscaler_spec_min_replicas", Set.of("horizontalpodautoscaler")),
          Map.entry(
              "kube_horizontalpodautoscaler_status_current_replicas",
              Set.of("horizontalpodautoscaler")),
          Map.entry("kube_pod_container_resource_limits", Set.of("container", "resource", "unit")),
          Map.entry(
              "kube_pod_container_status_last_terminated_reason", Set.of("container", "reason")),
          Map.entry("kube_pod_container_status_restarts_total", Set.of("container")),
          Map.entry("kube_pod_owner", Set.of("owner_kind", "owner_name")),
          Map.entry("kube_pod_status_phase", Set.of("phase")),
          Map.entry("kube_replicaset_owner", Set.of("replicaset", "owner_kind", "owner_name")),
          Map.entry("container_cpu_cfs_periods_total", Set.of("container")),
          Map.entry("container_cpu_cfs_throttled_periods_total", Set.of("container")),
          Map.entry("container_cpu_usage_seconds_total", Set.of("container")),
          Map.entry("container_memory_working_set_bytes", Set.of("container")),
          Map.entry("up", Set.of()),
          Map.entry("scrape_samples_post_metric_relabeling", Set.of()),
          Map.entry("ALERTS", Set.of("alertname", "alertstate", "severity")),
          Map.entry("jvm_memory_used_bytes", Set.of("area")),
          Map.entry("jvm_memory_max_bytes", Set.of("area")),
          Map.entry("jvm_gc_collection_seconds_sum", Set.of("gc")),
          Map.entry("jvm_gc_pause_seconds_sum", Set.of("action", "cause")),
          Map.entry("jvm_threads_current", Set.of()),
          Map.entry("jvm_threads_live_threads", Set.of()));

  private static final List<MetricFamily> CONTRACT =
      Stream.of(PredictionFamilies.ALL, HttpFamilies.ALL, ScrapeFamilies.ALL)
          .flatMap(List::stream)
          .toList();

  private final Map<String, Set<String>> labels = new HashMap<>();

  /** Also knows what the rules record. */
  KnownMetrics(List<String> recorded) {
    for (MetricFamily family : CONTRACT) {
      samples(family)
          .forEach(
              sample -> {
                Set<String> own = new TreeSet<>(family.labelNames());
                own.addAll(Set.of(LabelName.MODEL, LabelName.VERSION));
                if (sample.endsWith("_bucket")) {
                  own.add("le");
                }
                labels.put(sample, own);
              });
    }
    labels.putAll(OTHERS);
    recorded.forEach(name -> labels.put(name, Set.of()));
  }

  private static Stream<String> samples(MetricFamily family) {
    String name = family.metricName();
    return switch (family.type()) {
      case COUNTER, GAUGE, INFO -> Stream.of(name);
      case HISTOGRAM -> Stream.of(name + "_bucket", name + "_sum", name + "_count");
      case SUMMARY -> Stream.of(name + "_sum", name + "_count");
    };
  }

  boolean has(String metric) {
    return labels.containsKey(metric);
  }

  boolean has(String metric, String label) {
    return TARGET.contains(label) || labels.getOrDefault(metric, Set.of()).contains(label);
  }

  /** Whether anything has the label. */
  boolean hasLabel(String label) {
    Set<String> all = new HashSet<>(TARGET);
    labels.values().forEach(all::addAll);
    return all.contains(label);
  }
}
