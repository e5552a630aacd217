package io.kubeserve.grafana;

import static io.kubeserve.grafana.Promql.CONTAINER;

/** One model server. */
final class DeploymentDashboard {
  private static final String N = "cluster=~\"$cluster\", namespace=\"$namespace\"";
  private static final String D = N + ", deployment=\"$deployment\"";

  /** The pods that Kubernetes says are the deployment's: a name's prefix may be another's too. */
  private static final String OWN_PODS =
      """
      * on (cluster, namespace, pod) group_left ()
      max by (cluster, namespace, pod) (
        label_replace(kube_pod_owner{%1$s, owner_kind="ReplicaSet"}, "replicaset", "$1", "owner_name", "(.+)")
        * on (cluster, namespace, replicaset) group_left ()
        max by (cluster, namespace, replicaset) (kube_replicaset_owner{%1$s, owner_kind="Deployment", owner_name="$deployment"})
      )"""
          .formatted(N);

  private DeploymentDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
            "kubeserve-deployment",
            "KubeServe / Deployment",
            "One model server: traffic, errors, latency, resources and its JVM.")
        .cluster()
        .one(
            "namespace",
            "Namespace",
            "label_values(predictions_total{cluster=~\"$cluster\", deployment!=\"\"}, namespace)")
        .one(
            "deployment",
            "Deployment",
            "label_values(predictions_total{" + N + ", deployment!=\"\"}, deployment)")
        .annotation(
            "Alerts",
            "red",
            "max by (alertname, severity) (ALERTS{alertname=~\"KubeServe.*\", alertstate=\"firing\", "
                + D
                + "})",
            "{{alertname}}",
            "{{severity}}")
        .annotation(
            "Rollouts",
            "blue",
            "max by (deployment) (changes(kube_deployment_status_observed_generation{"
                + D
                + "}[$__rate_interval])) > 0",
            "Rollout",
            "{{deployment}}")
        .row("Now")
        .panels(now())
        .row("Predictions")
        .panels(predictions())
        .row("Inside a prediction")
        .panels(InsidePanels.of(D))
        .row("Error budget")
        .panels(errorBudget())
        .row("Pods")
        .panels(pods())
        .row("HTTP")
        .panels(http())
        .row("JVM")
        .panels(jvm());
  }

  private static Panel[] now() {
    return new Panel[] {
      Panel.stat("Current Requests/sec", "reqps", "Predictions per second: predictions_total.")
          .query("", Promql.rate("", "predictions_total", D)),
      Panel.stat("Average Latency", "ms", "Average time of a prediction: prediction_latency_ms.")
          .ratio("", Promql.average("prediction_latency_ms", D))
          .thresholds("green", 250, "yellow", 500, "red"),
      Panel.stat(
              "Success Rate",
              "percentunit",
              "Share of predictions that succeed: predictions_total by status.")
          .ratio("", "1 - (" + Promql.errorRatio(D) + ")")
          .max(1)
          .thresholds("red", 0.95, "yellow", 0.99, "green"),
      Panel.stat(
              "Active Pods",
              "none",
              "Pods that answer scrapes: up. Fewer than are ready: some are not scraped.")
          .query("", "count(max by (cluster, namespace, pod) (up{" + D + "}) == 1) or vector(0)"),
      Panel.stat(
              "Predictions in Flight",
              "short",
              "Predictions that have started and not ended: predictions_in_flight.")
          .query("", "sum(predictions_in_flight{" + D + "})"),
      Panel.stat(
              "Beyond the Top Bucket",
              "percentunit",
              "Share of predictions slower than the top bucket, 5 s: with more than 0, quantiles read too low. prediction_latency_ms.")
          .ratio("", Promql.beyondBuckets(D))
          .thresholds("green", 0.0001, "yellow", 0.01, "red"),
    };
  }

  private static Panel[] predictions() {
    return new Panel[] {
      Panel.timeseries("Request Rate", "reqps", "Predictions per second: predictions_total.")
          .query("requests", Promql.rate("", "predictions_total", D)),
      Panel.timeseries(
              "Prediction Success/Error Rate",
              "reqps",
              "Predictions per second that succeed and that fail: predictions_total by status.")
          .query(
              "success",
              Promql.rate("", "predictions_total", D + ", status=\"success\"")
                  + " or 0 * "
                  + Promql.rate("", "predictions_total", D))
          .query("error", Promql.errors("", D)),
      Panel.timeseries(
              "Prediction Latency",
              "ms",
              "Average and quantiles: prediction_latency_ms. A quantile of 5000 means 5 s or more, the top bucket.")
          .ratio("average", Promql.average("prediction_latency_ms", D))
          .quantile("P50", Promql.quantile(0.5, "prediction_latency_ms", D))
          .quantile("P95", Promql.quantile(0.95, "prediction_latency_ms", D))
          .quantile("P99", Promql.quantile(0.99, "prediction_latency_ms", D)),
      Panel.heatmap(
              "Prediction Latency Distribution",
              "ms",
              "Predictions by bucket: prediction_latency_ms.")
          .buckets(
              "sum by (le) (increase(prediction_latency_ms_bucket{" + D + "}[$__rate_interval]))"),
    };
  }

  private static Panel[] errorBudget() {
    return new Panel[] {
      Panel.timeseries(
              "Budget Remaining",
              "percentunit",
              "What the objectives still allow of failed and of slow predictions over their window: deployment:predictions_errors:ratio_rate_window, deployment:predictions_errors:budget, deployment:predictions_slow:ratio_rate_window, deployment:predictions_slow:budget, of KubeServe's rules.")
          .ratio("errors", Promql.budgetRemaining("errors", D))
          .ratio("latency", Promql.budgetRemaining("slow", D))
          .max(1)
          .noValue("No traffic, or the rules are not installed"),
      Panel.timeseries(
              "Burn Rate",
              "short",
              "How many times faster than allowed the budgets were used up, over one hour and over six: deployment:predictions_errors:ratio_rate1h, deployment:predictions_errors:ratio_rate6h, deployment:predictions_slow:ratio_rate1h, deployment:predictions_errors:budget, deployment:predictions_slow:budget, of KubeServe's rules.")
          .ratio("errors, 1h", Promql.burnRate("errors", "1h", D))
          .ratio("errors, 6h", Promql.burnRate("errors", "6h", D))
          .ratio("latency, 1h", Promql.burnRate("slow", "1h", D))
          .noValue("No traffic, or the rules are not installed"),
    };
  }

  private static Panel[] pods() {
    return new Panel[] {
      Panel.timeseries(
              "CPU Usage",
              "short",
              "Cores in use by pod: container_cpu_usage_seconds_total, of the pods that kube_pod_owner and kube_replicaset_owner name, and the limit of a pod: kube_pod_container_resource_limits.")
          .query("{{pod}}", usage("rate(container_cpu_usage_seconds_total{%s}[$__rate_interval])"))
          .query("limit {{pod}}", limit("cpu"))
          .dashed("limit"),
      Panel.timeseries(
              "Memory Usage",
              "bytes",
              "Working set by pod: container_memory_working_set_bytes, of the pods that kube_pod_owner and kube_replicaset_owner name, and the limit of a pod: kube_pod_container_resource_limits.")
          .query("{{pod}}", usage("container_memory_working_set_bytes{%s}"))
          .query("limit {{pod}}", limit("memory"))
          .dashed("limit"),
      Panel.timeseries(
              "Pod Replicas",
              "none",
              "Pods asked for, ready and available: kube_deployment_spec_replicas, kube_deployment_status_replicas_ready, kube_deployment_status_replicas_available.")
          .query("desired", "max(kube_deployment_spec_replicas{" + D + "})")
          .query("ready", "max(kube_deployment_status_replicas_ready{" + D + "})")
          .query("available", "max(kube_deployment_status_replicas_available{" + D + "})"),
      Panel.timeseries(
              "Restarts and Throttling",
              "short",
              "Restarts of containers in an hour: kube_pod_container_status_restarts_total; share of periods in which the CPU limit held a pod back: container_cpu_cfs_throttled_periods_total, container_cpu_cfs_periods_total; of the pods that kube_pod_owner and kube_replicaset_owner name.")
          .query(
              "restarts {{pod}}",
              """
              sum by (pod) (
                max by (cluster, namespace, pod, container) (increase(kube_pod_container_status_restarts_total{%s}[1h]))
                %s
              )
              """
                  .formatted(N, OWN_PODS))
          .query(
              "throttled {{pod}}",
              """
              sum by (pod) (
                (
                  sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, container) (rate(container_cpu_cfs_throttled_periods_total{%1$s, %2$s}[$__rate_interval])))
                  / sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, container) (rate(container_cpu_cfs_periods_total{%1$s, %2$s}[$__rate_interval])) > 0)
                )
                %3$s
              )
              """
                  .formatted(N, CONTAINER, OWN_PODS)),
    };
  }

  /** Where the runtime names no containers, the row of the whole pod is all there is. */
  private static String usage(String series) {
    return """
        sum by (pod) (
          max by (cluster, namespace, pod, container) (%s)
          %s
        )
        or
        sum by (pod) (
          max by (cluster, namespace, pod) (%s)
          %2$s
        )
        """
        .formatted(
            series.formatted(N + ", " + CONTAINER),
            OWN_PODS,
            series.formatted(N + ", container=\"\""));
  }

  private static String limit(String resource) {
    return """
        sum by (pod) (
          max by (cluster, namespace, pod, container) (kube_pod_container_resource_limits{%s, resource="%s"})
          %s
        )
        """
        .formatted(N, resource, OWN_PODS);
  }

  private static Panel[] http() {
    return new Panel[] {
      Panel.timeseries(
              "HTTP Requests by Route",
              "reqps",
              "Requests per second by route and status: http_requests_total.")
          .requests(
              "{{method}} {{handler}} {{status}}",
              Promql.rate("method, handler, status", "http_requests_total", D)),
      Panel.timeseries(
              "HTTP Request Duration",
              "s",
              "Quantiles of all requests: http_request_duration_highr_seconds.")
          .requestQuantile("P50", Promql.quantile(0.5, "http_request_duration_highr_seconds", D))
          .requestQuantile("P95", Promql.quantile(0.95, "http_request_duration_highr_seconds", D))
          .requestQuantile("P99", Promql.quantile(0.99, "http_request_duration_highr_seconds", D)),
      Panel.timeseries(
              "HTTP Bytes In",
              "Bps",
              "Bytes received per second by route: http_request_size_bytes.")
          .requests("{{handler}}", Promql.rate("handler", "http_request_size_bytes_sum", D)),
      Panel.timeseries(
              "HTTP Bytes Out", "Bps", "Bytes sent per second by route: http_response_size_bytes.")
          .requests("{{handler}}", Promql.rate("handler", "http_response_size_bytes_sum", D)),
    };
  }

  private static Panel[] jvm() {
    return new Panel[] {
      Panel.timeseries(
              "JVM Heap",
              "bytes",
              "Heap in use by pod and its largest size: jvm_memory_used_bytes, jvm_memory_max_bytes.")
          .query("{{pod}}", "sum by (pod) (jvm_memory_used_bytes{" + D + ", area=\"heap\"})")
          .query(
              "limit {{pod}}", "sum by (pod) (jvm_memory_max_bytes{" + D + ", area=\"heap\"} > 0)")
          .dashed("limit"),
      Panel.timeseries(
              "JVM Garbage Collection",
              "percentunit",
              "Share of time spent collecting garbage, by pod: jvm_gc_collection_seconds of client_java, jvm_gc_pause_seconds of Micrometer, which has it from the first pause on; a JVM is one that shows jvm_memory_used_bytes.")
          .query(
              "{{pod}}",
              """
              sum by (pod) (rate(jvm_gc_collection_seconds_sum{%1$s}[$__rate_interval]) or rate(jvm_gc_pause_seconds_sum{%1$s}[$__rate_interval]))
              or 0 * sum by (pod) (jvm_memory_used_bytes{%1$s, area="heap"})
              """
                  .formatted(D)),
      Panel.timeseries(
              "JVM Threads",
              "none",
              "Threads by pod: jvm_threads_current of client_java, jvm_threads_live_threads of Micrometer.")
          .query(
              "{{pod}}",
              "sum by (pod) (jvm_threads_current{%1$s} or jvm_threads_live_threads{%1$s})"
                  .formatted(D)),
    };
  }
}
