package io.kubeserve.grafana;

import static io.kubeserve.grafana.Promql.CONTAINER;

import io.kubeserve.grafana.Query.Idle;

/** The platform: every model server of every namespace. */
final class MasterDashboard {
  private static final String C = "cluster=~\"$cluster\", namespace=~\"$namespace\"";
  private static final String D = C + ", deployment!=\"\"";
  private static final String DEPLOYMENTS = "cluster, namespace, deployment";

  private MasterDashboard() {}

  static Dashboard dashboard() {
    return new Dashboard(
            "kubeserve-master",
            "KubeServe / Master",
            "Every model server of the platform: traffic, errors, latency and resources.")
        .cluster()
        .many(
            "namespace",
            "Namespace",
            "label_values(predictions_total{cluster=~\"$cluster\"}, namespace)")
        .annotation(
            "Alerts",
            "red",
            "max by (alertname, namespace, deployment) (ALERTS{alertname=~\"KubeServe.*\", alertstate=\"firing\", "
                + C
                + "})",
            "{{alertname}}",
            "{{namespace}}/{{deployment}}")
        .row("Now")
        .panels(now())
        .row("Predictions")
        .panels(predictions())
        .row("Deployments")
        .panels(deployments())
        .row("Error budget")
        .panels(errorBudget())
        .row("HTTP")
        .panels(http())
        .row("Resources")
        .panels(resources());
  }

  private static Panel[] now() {
    return new Panel[] {
      Panel.stat(
              "Active Deployments",
              "none",
              "Model servers with an available pod: kube_deployment_status_replicas_available of the deployments that show predictions_total.")
          .query(
              "",
              """
              count(
                max by (%1$s) (kube_deployment_status_replicas_available{%2$s}) > 0
                and on (%1$s) group by (%1$s) (predictions_total{%3$s})
              ) or vector(0)
              """
                  .formatted(DEPLOYMENTS, C, D)),
      Panel.stat("Total Pods", "none", "Running pods of the namespaces: kube_pod_status_phase.")
          .query(
              "",
              "count(max by (cluster, namespace, pod) (kube_pod_status_phase{"
                  + C
                  + ", phase=\"Running\"}) == 1) or vector(0)"),
      Panel.stat("Total Predictions", "short", "Predictions in the last hour: predictions_total.")
          .instant("", "round(sum(increase(predictions_total{" + C + "}[1h])) or vector(0))"),
      Panel.stat(
              "Prediction Success Rate",
              "percentunit",
              "Share of predictions that succeed: predictions_total by status.")
          .ratio("", "1 - (" + Promql.errorRatio(C) + ")")
          .max(1)
          .thresholds("red", 0.95, "yellow", 0.99, "green"),
      Panel.stat(
              "Error Rate Percentage",
              "percentunit",
              "Share of predictions that fail: predictions_total by status.")
          .ratio("", Promql.errorRatio(C))
          .thresholds("green", 0.01, "yellow", 0.05, "red"),
      Panel.stat(
              "Predictions in Flight",
              "short",
              "Predictions that have started and not ended: predictions_in_flight.")
          .query("", "sum(predictions_in_flight{" + C + "})"),
      Panel.stat("Targets Down", "none", "Pods of model servers that cannot be scraped: up.")
          .query("", "count(up{" + D + "} == 0) or vector(0)")
          .thresholds("green", 1, "red"),
      Panel.stat("Firing Alerts", "none", "Alerts of KubeServe's rules that fire: ALERTS.")
          .query(
              "",
              "count(ALERTS{alertname=~\"KubeServe.*\", alertstate=\"firing\", "
                  + C
                  + "}) or vector(0)")
          .thresholds("green", 1, "red"),
    };
  }

  private static Panel[] predictions() {
    return new Panel[] {
      Panel.timeseries(
              "Total Request Rate",
              "reqps",
              "Predictions per second of all deployments: predictions_total.")
          .query("{{namespace}}", Promql.rate("namespace", "predictions_total", C))
          .stacked(),
      Panel.timeseries(
              "Error Rate",
              "reqps",
              "Failed predictions and HTTP answers of 4xx and 5xx per second: predictions_total, http_requests_total.")
          .query("predictions {{namespace}}", Promql.errors("namespace", C))
          .requests(
              "HTTP {{namespace}}",
              Promql.rate("namespace", "http_requests_total", C + ", status=~\"[45].*\"")
                  + " or 0 * "
                  + Promql.rate("namespace", "http_requests_total", C)),
      Panel.timeseries(
              "Average Prediction Latency",
              "ms",
              "Average and quantiles of all deployments: prediction_latency_ms. A quantile of 5000 means 5 s or more, the top bucket.")
          .ratio("average", Promql.average("prediction_latency_ms", C))
          .quantile("P50", Promql.quantile(0.5, "prediction_latency_ms", C))
          .quantile("P95", Promql.quantile(0.95, "prediction_latency_ms", C))
          .quantile("P99", Promql.quantile(0.99, "prediction_latency_ms", C)),
      Panel.heatmap(
              "Prediction Latency Distribution",
              "ms",
              "Predictions by bucket: prediction_latency_ms.")
          .buckets(
              "sum by (le) (increase(prediction_latency_ms_bucket{" + C + "}[$__rate_interval]))"),
    };
  }

  private static Panel deployments() {
    String by = DEPLOYMENTS;
    return Panel.table(
            "Deployments",
            "One row for each model server: predictions_total, prediction_latency_ms, predictions_in_flight, kube_deployment_status_replicas_available, kube_deployment_spec_replicas. The name leads to its own dashboard.")
        .column("Requests/s", "reqps", Promql.rate(by, "predictions_total", D), Idle.VALUE)
        .column(
            "Success",
            "percentunit",
            """
            1 - (
              %s
              or 0 * %s
            ) / (%2$s > 0)
            """
                .formatted(
                    Promql.rate(by, "predictions_total", D + ", status!=\"success\""),
                    Promql.rate(by, "predictions_total", D)),
            Idle.NOTHING)
        .column(
            "P95",
            "ms",
            "histogram_quantile(0.95, %s) and on (%s) (%s > 0)"
                .formatted(
                    Promql.rate(by + ", le", "prediction_latency_ms_bucket", D),
                    by,
                    Promql.rate(by, "prediction_latency_ms_count", D)),
            Idle.NOTHING)
        .column(
            "In flight",
            "short",
            "sum by (" + by + ") (predictions_in_flight{" + D + "})",
            Idle.VALUE)
        .column(
            "Available",
            "none",
            scrapedOnly("kube_deployment_status_replicas_available"),
            Idle.VALUE)
        .column("Desired", "none", scrapedOnly("kube_deployment_spec_replicas"), Idle.VALUE)
        .transformation("{\"id\": \"merge\", \"options\": {}}")
        .transformation(
            """
            {"id": "organize", "options": {"excludeByName": {"Time": true, "cluster": true}, "indexByName": {"namespace": 0, "deployment": 1},
             "renameByName": {"namespace": "Namespace", "deployment": "Deployment"}}}
            """)
        .noValue(Panel.NO_TRAFFIC)
        .link(
            "Deployment",
            "Open the deployment",
            "/d/kubeserve-deployment?${datasource:queryparam}&var-namespace=${__data.fields.Namespace}&var-deployment=${__data.fields.Deployment}&${__url_time_range}");
  }

  private static String scrapedOnly(String metric) {
    return "max by (%1$s) (%2$s{%3$s}) and on (%1$s) group by (%1$s) (predictions_total{%4$s})"
        .formatted(DEPLOYMENTS, metric, C, D);
  }

  private static Panel[] errorBudget() {
    String legend = "{{namespace}}/{{deployment}}";
    return new Panel[] {
      Panel.timeseries(
              "Error Budget Remaining",
              "percentunit",
              "What the objective still allows of failed predictions over its window: deployment:predictions_errors:ratio_rate_window, deployment:predictions_errors:budget, of KubeServe's rules.")
          .ratio(legend, Promql.budgetRemaining("errors", D))
          .max(1)
          .noValue("No traffic, or the rules are not installed"),
      Panel.timeseries(
              "Error Budget Burn Rate",
              "short",
              "How many times faster than allowed the budget was used up in the last hour: deployment:predictions_errors:ratio_rate1h, deployment:predictions_errors:budget, of KubeServe's rules.")
          .ratio(legend, Promql.burnRate("errors", "1h", D))
          .noValue("No traffic, or the rules are not installed"),
    };
  }

  private static Panel[] http() {
    return new Panel[] {
      Panel.timeseries(
              "HTTP Requests by Status", "reqps", "Requests per second: http_requests_total.")
          .requests("{{status}}", Promql.rate("status", "http_requests_total", C))
          .stacked(),
      Panel.timeseries(
              "HTTP Request Duration",
              "s",
              "Quantiles of all requests: http_request_duration_highr_seconds.")
          .requestQuantile("P50", Promql.quantile(0.5, "http_request_duration_highr_seconds", C))
          .requestQuantile("P95", Promql.quantile(0.95, "http_request_duration_highr_seconds", C)),
    };
  }

  private static Panel[] resources() {
    return new Panel[] {
      Panel.timeseries(
              "CPU Usage per User Namespace",
              "short",
              "Cores in use: container_cpu_usage_seconds_total, each container once, and their limits: kube_pod_container_resource_limits.")
          .query(
              "{{namespace}}",
              usage("rate(container_cpu_usage_seconds_total{%s}[$__rate_interval])"))
          .query("limit {{namespace}}", limit("cpu"))
          .dashed("limit"),
      Panel.timeseries(
              "Memory Usage per User Namespace",
              "bytes",
              "Working set, which the limit is held against: container_memory_working_set_bytes, each container once, and the limits: kube_pod_container_resource_limits.")
          .query("{{namespace}}", usage("container_memory_working_set_bytes{%s}"))
          .query("limit {{namespace}}", limit("memory"))
          .dashed("limit"),
    };
  }

  /** Where the runtime names no containers, the row of the whole pod is all there is. */
  private static String usage(String series) {
    return """
        sum by (namespace) (max by (cluster, namespace, pod, container) (%s))
        or
        sum by (namespace) (max by (cluster, namespace, pod) (%s))
        """
        .formatted(
            series.formatted(C + ", " + CONTAINER),
            series.formatted(C + ", container=\"\", pod!=\"\""));
  }

  private static String limit(String resource) {
    return "sum by (namespace) (max by (cluster, namespace, pod, container) (kube_pod_container_resource_limits{%s, resource=\"%s\"}))"
        .formatted(C, resource);
  }
}
