package io.kubeserve.charts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Every alert both ways. D is the deployment that the rules are of, in the namespace user-1. */
final class RuleCases {
  private static final Map<String, String> OF_DEPLOYMENT =
      Map.of("namespace", "user-1", "deployment", "iris");
  private static final Map<String, String> OF_POD =
      Map.of("namespace", "user-1", "deployment", "iris", "pod", "iris-a");

  private RuleCases() {}

  static Stream<RuleCase> all(RuleValues values) {
    return Stream.of(
            errors(values), latency(values), scrape(), traffic(), workload(), pods(), jvm())
        .flatMap(List::stream);
  }

  /** The slower alerts follow the fast one, each once its time has passed. */
  private static List<RuleCase> burn(
      String alert, String series, String share, String what, RuleValues values, double objective) {
    String[][] windows = {
      {"1h", "5m", "critical", "0.48"},
      {"6h", "30m", "critical", "0.2"},
      {"1d", "2h", "warning", "0.1"},
      {"3d", "6h", "warning", "0.0333333"},
    };
    int[] minutes = {10, 30, 120, 240};
    List<RuleCase> cases = new ArrayList<>();
    for (int fired = 1; fired <= windows.length; fired++) {
      List<Map<String, String>> firing = new ArrayList<>();
      for (int i = 0; i < fired; i++) {
        firing.add(
            Map.of(
                "namespace", "user-1",
                "deployment", "iris",
                "severity", windows[i][2],
                "long", windows[i][0],
                "short", windows[i][1]));
      }
      cases.add(
          new RuleCase(
              "fires at " + fired + " windows",
              alert,
              minutes[fired - 1],
              series,
              firing,
              share
                  + " of the predictions of user-1/iris "
                  + what
                  + " over <window>: at <factor> times the rate or more that the objective of "
                  + values.number(objective)
                  + "% over "
                  + values.windowDays()
                  + " days allows."));
    }
    return cases;
  }

  private static List<RuleCase> errors(RuleValues values) {
    String alert = "KubeServeErrorBudgetBurn";
    List<RuleCase> cases =
        new ArrayList<>(
            burn(
                alert,
                """
                predictions_total{D,pod="iris-a",status="success"}  0+100x240
                predictions_total{D,pod="iris-a",status="error"}  0+100x240
                """,
                "50%",
                "failed",
                values,
                values.availability()));
    cases.add(
        RuleCase.quiet(
            "no error series yet",
            alert,
            240,
            "predictions_total{D,status=\"success\"}  0+100x240"));
    cases.add(
        RuleCase.quiet(
            "hardly any traffic", alert, 10, "predictions_total{D,status=\"error\"}  0+0.1x240"));
    cases.add(
        RuleCase.quiet(
            "errors long past",
            alert,
            239,
            """
            predictions_total{D,status="success"}  0+100000x240
            predictions_total{D,status="error"}  0+1x5 5x235
            """));
    return cases;
  }

  private static List<RuleCase> latency(RuleValues values) {
    String alert = "KubeServeLatencyBudgetBurn";
    List<RuleCase> cases =
        new ArrayList<>(
            burn(
                alert,
                """
                predictions_total{D,status="success"}  0+100x240
                prediction_latency_ms_count{D}  0+100x240
                prediction_latency_ms_bucket{D,le="200.0"}  0+0x240
                prediction_latency_ms_bucket{D,le="500.0"}  0+0x240
                prediction_latency_ms_bucket{D,le="+Inf"}  0+100x240
                """,
                "100%",
                "took longer than " + values.thresholdMillis() + " ms",
                values,
                values.latency()));
    cases.add(
        RuleCase.quiet(
            "all are fast",
            alert,
            240,
            """
            predictions_total{D,status="success"}  0+100x240
            prediction_latency_ms_count{D}  0+100x240
            prediction_latency_ms_bucket{D,le="200"}  0+100x240
            prediction_latency_ms_bucket{D,le="500"}  0+100x240
            """));
    return cases;
  }

  private static List<RuleCase> scrape() {
    return List.of(
        RuleCase.fires(
            "KubeServeTargetDown",
            15,
            """
            up{D,pod="iris-a"}  0x30
            up{D,pod="iris-b"}  1x30
            """,
            severity("warning", OF_DEPLOYMENT),
            "50% of the pods of user-1/iris do not answer Prometheus."),
        RuleCase.quiet("up", "KubeServeTargetDown", 15, "up{D,pod=\"iris-a\"}  1x30"),
        RuleCase.fires(
            "KubeServeMetricsAbsent",
            30,
            """
            up{D,pod="iris-a"}  1x5 stale
            kube_deployment_status_replicas_available{D,instance="ksm-1"}  1x60
            kube_deployment_status_replicas_available{D,instance="ksm-2"}  1x60
            """,
            severity("critical", OF_DEPLOYMENT),
            "user-1/iris has pods, but no target in Prometheus any more: nothing else here would"
                + " alert on it."),
        RuleCase.quiet(
            "the deployment was deleted",
            "KubeServeMetricsAbsent",
            30,
            """
            up{D,pod="iris-a"}  1x5 stale
            kube_deployment_status_replicas_available{D}  1x5 stale
            """),
        RuleCase.fires(
            "KubeServeUninstrumented",
            15,
            """
            up{D,pod="iris-a"}  1x30
            up{D,pod="iris-b"}  1x30
            predictions_total{D,pod="iris-b",status="success"}  0x30
            """,
            severity("warning", OF_POD),
            "The pod iris-a of user-1/iris answers scrapes without the metrics of predictions."),
        RuleCase.quiet(
            "down is another alert", "KubeServeUninstrumented", 15, "up{D,pod=\"iris-a\"}  0x30"),
        RuleCase.fires(
            "KubeServeScrapeNearSampleLimit",
            20,
            "scrape_samples_post_metric_relabeling{D,pod=\"iris-a\"}  4500x30",
            severity("warning", OF_POD),
            "The pod iris-a of user-1/iris shows 4500 series of at most 5000."),
        RuleCase.quiet(
            "far from it",
            "KubeServeScrapeNearSampleLimit",
            20,
            "scrape_samples_post_metric_relabeling{D,pod=\"iris-a\"}  400x30"));
  }

  private static List<RuleCase> traffic() {
    return List.of(
        RuleCase.fires(
            "KubeServeNoTraffic",
            26 * 60,
            "predictions_total{D,status=\"success\"}  0+10x1440 14400x240",
            severity("warning", OF_DEPLOYMENT),
            "user-1/iris had no prediction for 30 minutes."),
        RuleCase.quiet("never used", "KubeServeNoTraffic", 26 * 60, "predictions_total{D}  0x1680"),
        RuleCase.quiet(
            "still used", "KubeServeNoTraffic", 26 * 60, "predictions_total{D}  0+10x1680"),
        RuleCase.fires(
            "KubeServeLatencyBeyondBuckets",
            60,
            """
            prediction_latency_ms_bucket{D,le="5000.0"}  0+50x60
            prediction_latency_ms_count{D}  0+100x60
            """,
            severity("warning", OF_DEPLOYMENT),
            "50% of the predictions of user-1/iris took longer than its top bucket: quantiles read"
                + " too low."),
        RuleCase.quiet(
            "within the buckets",
            "KubeServeLatencyBeyondBuckets",
            60,
            """
            prediction_latency_ms_bucket{D,le="5000.0"}  0+100x60
            prediction_latency_ms_count{D}  0+100x60
            """));
  }

  private static List<RuleCase> workload() {
    return List.of(
        RuleCase.fires(
            "KubeServeReplicasUnavailable",
            30,
            """
            up{D,pod="iris-a"}  1x30
            kube_deployment_spec_replicas{D,instance="ksm-1"}  3x30
            kube_deployment_spec_replicas{D,instance="ksm-2"}  3x30
            kube_deployment_status_replicas_available{D,instance="ksm-1"}  1x30
            kube_deployment_status_replicas_available{D,instance="ksm-2"}  1x30
            """,
            severity("warning", OF_DEPLOYMENT),
            "user-1/iris is asked for 3 pods and has fewer available."),
        RuleCase.quiet(
            "not a model server",
            "KubeServeReplicasUnavailable",
            30,
            """
            kube_deployment_spec_replicas{D}  3x30
            kube_deployment_status_replicas_available{D}  1x30
            """),
        RuleCase.fires(
            "KubeServeHpaMaxedOut",
            30,
            hpa(5, 5),
            severity("warning", OF_HPA),
            "user-1/iris has run on 5 pods, the most that its autoscaler may start, for 15"
                + " minutes."),
        RuleCase.quiet("room above", "KubeServeHpaMaxedOut", 30, hpa(4, 5)),
        RuleCase.quiet("one size only", "KubeServeHpaMaxedOut", 30, hpa(1, 1)));
  }

  private static final Map<String, String> OF_HPA =
      Map.of("namespace", "user-1", "deployment", "iris", "horizontalpodautoscaler", "scaler");

  private static String hpa(int current, int max) {
    return """
        up{D,pod="iris-a"}  1x30
        kube_horizontalpodautoscaler_status_current_replicas{H,instance="ksm-1"}  %1$dx30
        kube_horizontalpodautoscaler_status_current_replicas{H,instance="ksm-2"}  %1$dx30
        kube_horizontalpodautoscaler_spec_max_replicas{H,instance="ksm-1"}  %2$dx30
        kube_horizontalpodautoscaler_spec_min_replicas{H,instance="ksm-1"}  1x30
        kube_horizontalpodautoscaler_info{H,scaletargetref_kind="Deployment",scaletargetref_name="iris",instance="ksm-1"}  1x30
        kube_horizontalpodautoscaler_info{H,scaletargetref_kind="Deployment",scaletargetref_name="iris",instance="ksm-2"}  1x30
        """
        .replace("H,", "namespace=\"user-1\",horizontalpodautoscaler=\"scaler\",")
        .formatted(current, max);
  }

  private static List<RuleCase> pods() {
    Map<String, String> ofContainer =
        Map.of(
            "namespace", "user-1",
            "deployment", "iris",
            "pod", "iris-a",
            "container", "model-server");
    return List.of(
        RuleCase.fires(
            "KubeServeCpuThrottling",
            30,
            throttled(15),
            severity("info", OF_POD),
            "The pod iris-a of user-1/iris was throttled in 50% of its periods."),
        RuleCase.quiet("hardly throttled", "KubeServeCpuThrottling", 30, throttled(3)),
        RuleCase.fires(
            "KubeServeMemoryNearLimit",
            30,
            memory(950),
            severity("warning", ofContainer),
            "model-server in the pod iris-a of user-1/iris uses 95% of its memory limit."),
        RuleCase.quiet("room left", "KubeServeMemoryNearLimit", 30, memory(500)),
        RuleCase.fires(
            "KubeServeOomKilled",
            15,
            restarted("OOMKilled"),
            severity("warning", ofContainer),
            "model-server in the pod iris-a of user-1/iris was killed at its memory limit and"
                + " started anew."),
        RuleCase.quiet("ended otherwise", "KubeServeOomKilled", 15, restarted("Error")));
  }

  /** Of 30 periods a minute; the row of the whole pod and that of the pause container are traps. */
  private static String throttled(int periods) {
    return """
        up{D,pod="iris-a"}  1x30
        container_cpu_cfs_throttled_periods_total{C,instance="node-1"}  0+%1$dx30
        container_cpu_cfs_throttled_periods_total{C,instance="node-2"}  0+%1$dx30
        container_cpu_cfs_throttled_periods_total{namespace="user-1",pod="iris-a"}  0+30x30
        container_cpu_cfs_periods_total{C,instance="node-1"}  0+30x30
        container_cpu_cfs_periods_total{namespace="user-1",pod="iris-a",container="POD"}  0+3000x30
        """
        .formatted(periods);
  }

  private static String memory(int bytes) {
    return """
        up{D,pod="iris-a"}  1x30
        container_memory_working_set_bytes{C,image="x"}  %dx30
        container_memory_working_set_bytes{namespace="user-1",pod="iris-a"}  2000x30
        kube_pod_container_resource_limits{C,resource="memory",instance="ksm-1"}  1000x30
        kube_pod_container_resource_limits{C,resource="memory",instance="ksm-2"}  1000x30
        kube_pod_container_resource_limits{C,resource="cpu"}  1x30
        """
        .formatted(bytes);
  }

  private static String restarted(String reason) {
    return """
        up{D,pod="iris-a"}  1x30
        kube_pod_container_status_restarts_total{C,instance="ksm-1"}  0x10 1x20
        kube_pod_container_status_restarts_total{C,instance="ksm-2"}  0x10 1x20
        kube_pod_container_status_last_terminated_reason{C,reason="%s"}  _x10 1x20
        """
        .formatted(reason);
  }

  private static List<RuleCase> jvm() {
    return List.of(
        RuleCase.fires(
            "KubeServeHeapNearLimit",
            30,
            """
            jvm_memory_used_bytes{D,pod="iris-a",area="heap",id="eden"}  20x30
            jvm_memory_used_bytes{D,pod="iris-a",area="heap",id="old"}  75x30
            jvm_memory_max_bytes{D,pod="iris-a",area="heap",id="eden"}  -1x30
            jvm_memory_max_bytes{D,pod="iris-a",area="heap",id="old"}  100x30
            """,
            severity("warning", OF_POD),
            "The heap of the pod iris-a of user-1/iris is 95% full."),
        RuleCase.quiet(
            "room left",
            "KubeServeHeapNearLimit",
            30,
            """
            jvm_memory_used_bytes{D,pod="iris-a",area="heap"}  50x30
            jvm_memory_max_bytes{D,pod="iris-a",area="heap"}  100x30
            """),
        RuleCase.fires(
            "KubeServeGcTime",
            30,
            """
            jvm_gc_collection_seconds_sum{D,pod="iris-a",gc="young"}  0+6x30
            jvm_gc_collection_seconds_sum{D,pod="iris-a",gc="old"}  0+6x30
            """,
            severity("warning", OF_POD),
            "The pod iris-a of user-1/iris spends 20% of its time in garbage collection."),
        RuleCase.fires(
            "KubeServeGcTime",
            30,
            "jvm_gc_pause_seconds_sum{D,pod=\"iris-a\",cause=\"x\"}  0+12x30",
            severity("warning", OF_POD),
            "The pod iris-a of user-1/iris spends 20% of its time in garbage collection."),
        RuleCase.quiet(
            "little", "KubeServeGcTime", 30, "jvm_gc_pause_seconds_sum{D,pod=\"iris-a\"}  0+1x30"));
  }

  private static Map<String, String> severity(String severity, Map<String, String> labels) {
    Map<String, String> all = new HashMap<>(labels);
    all.put("severity", severity);
    return all;
  }
}
