{{/* What may be wrong between the server and Prometheus, and what nobody sees then. */}}
{{- define "model-serving.scrapeRules" -}}
- name: {{ .name }}.scrape
  rules:
    - alert: KubeServeTargetDown
      expr: |-
        count by ({{ .by }}) (up{ {{- .server -}} } == 0)
        / count by ({{ .by }}) (up{ {{- .server -}} }) > 0.1
      for: 10m
      labels:
        severity: warning
      annotations:
        summary: Pods of a model server cannot be scraped.
        description: "[[ $value | humanizePercentage ]] of the pods of [[ $labels.namespace ]]/[[ $labels.deployment ]] do not answer Prometheus."
    - alert: KubeServeMetricsAbsent
      expr: |-
        group by ({{ .by }}) (last_over_time(up{ {{- .server -}} }[6h]))
        unless on ({{ .by }}) group by ({{ .by }}) (up{ {{- .server -}} })
        and on ({{ .by }}) max by ({{ .by }}) (kube_deployment_status_replicas_available{ {{- .kube -}} }) > 0
      for: 10m
      labels:
        severity: critical
      annotations:
        summary: A model server runs and Prometheus has stopped scraping it.
        description: "[[ $labels.namespace ]]/[[ $labels.deployment ]] has pods, but no target in Prometheus any more: nothing else here would alert on it."
    - alert: KubeServeUninstrumented
      expr: |-
        max by (cluster, namespace, deployment, pod) (up{ {{- .server -}} }) == 1
        unless on (cluster, namespace, deployment, pod) predictions_total{ {{- .server -}} }
      for: 10m
      labels:
        severity: warning
      annotations:
        summary: A pod is scraped and shows no predictions_total.
        description: "The pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] answers scrapes without the metrics of predictions."
    - alert: KubeServeNoTraffic
      expr: |-
        sum by ({{ .by }}) (increase(predictions_total{ {{- .server -}} }[30m])) == 0
        and on ({{ .by }}) sum by ({{ .by }}) (increase(predictions_total{ {{- .server -}} }[30m] offset 1d)) > 10
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: A model that was used at this time yesterday is not used today.
        description: "[[ $labels.namespace ]]/[[ $labels.deployment ]] had no prediction for 30 minutes."
    - alert: KubeServeLatencyBeyondBuckets
      expr: |-
        1 - sum by ({{ .by }}) (rate(prediction_latency_ms_bucket{le=~"5000(\\.0)?",{{ .server }}}[30m]))
        / (sum by ({{ .by }}) (rate(prediction_latency_ms_count{ {{- .server -}} }[30m])) > 0) > 0.01
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: Predictions are slower than the histogram can tell.
        description: "[[ $value | humanizePercentage ]] of the predictions of [[ $labels.namespace ]]/[[ $labels.deployment ]] took longer than its top bucket: quantiles read too low."
    {{- if .sampleLimit }}
    - alert: KubeServeScrapeNearSampleLimit
      expr: |-
        max by (cluster, namespace, deployment, pod) (scrape_samples_post_metric_relabeling{ {{- .server -}} }) > 0.8 * {{ .sampleLimit }}
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: A scrape comes near the limit on its series; past it the whole scrape is dropped.
        description: "The pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] shows [[ $value ]] series of at most {{ .sampleLimit }}."
    {{- end }}
{{- end }}

{{/* What Kubernetes knows of the deployment: rows of two kube-state-metrics or of two kubelets count once. */}}
{{- define "model-serving.workloadRules" -}}
- name: {{ .name }}.workload
  rules:
    - alert: KubeServeReplicasUnavailable
      expr: |-
        max by ({{ .by }}) (kube_deployment_spec_replicas{ {{- .kube -}} })
        > max by ({{ .by }}) (kube_deployment_status_replicas_available{ {{- .kube -}} })
        and on ({{ .by }}) group by ({{ .by }}) (last_over_time(up{ {{- .server -}} }[6h]))
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: A model server has fewer pods available than asked for.
        description: "[[ $labels.namespace ]]/[[ $labels.deployment ]] is asked for [[ $value ]] pods and has fewer available."
    - alert: KubeServeHpaMaxedOut
      expr: |-
        (
          max by (cluster, namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_status_current_replicas{ {{- .namespace | trimSuffix "," -}} })
          == max by (cluster, namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_max_replicas{ {{- .namespace | trimSuffix "," -}} })
          != max by (cluster, namespace, horizontalpodautoscaler) (kube_horizontalpodautoscaler_spec_min_replicas{ {{- .namespace | trimSuffix "," -}} })
        )
        * on (cluster, namespace, horizontalpodautoscaler) group_left (deployment)
        group by (cluster, namespace, horizontalpodautoscaler, deployment) (
          label_replace(kube_horizontalpodautoscaler_info{ {{- .namespace -}} scaletargetref_kind="Deployment"}, "deployment", "$1", "scaletargetref_name", "(.+)")
        )
        and on ({{ .by }}) group by ({{ .by }}) (up{ {{- .server -}} })
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: The autoscaler of a model server cannot add pods any more.
        description: "[[ $labels.namespace ]]/[[ $labels.deployment ]] has run on [[ $value ]] pods, the most that its autoscaler may start, for 15 minutes."
    - alert: KubeServeCpuThrottling
      expr: |-
        (
          sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, container) (increase(container_cpu_cfs_throttled_periods_total{ {{- .namespace -}} container!="",container!="POD"}[5m])))
          / sum by (cluster, namespace, pod) (max by (cluster, namespace, pod, container) (increase(container_cpu_cfs_periods_total{ {{- .namespace -}} container!="",container!="POD"}[5m])))
        )
        {{ include "model-serving.ofDeployment" . }} > 0.25
      for: 15m
      labels:
        severity: info
      annotations:
        summary: A model server is kept from the CPU by its limit.
        description: "The pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] was throttled in [[ $value | humanizePercentage ]] of its periods."
    - alert: KubeServeMemoryNearLimit
      expr: |-
        (
          max by (cluster, namespace, pod, container) (container_memory_working_set_bytes{ {{- .namespace -}} container!="",container!="POD"})
          / max by (cluster, namespace, pod, container) (kube_pod_container_resource_limits{ {{- .namespace -}} resource="memory"})
        )
        {{ include "model-serving.ofDeployment" . }} > 0.9
      for: 10m
      labels:
        severity: warning
      annotations:
        summary: A container of a model server is about to reach its memory limit.
        description: "[[ $labels.container ]] in the pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] uses [[ $value | humanizePercentage ]] of its memory limit."
    - alert: KubeServeOomKilled
      expr: |-
        (
          max by (cluster, namespace, pod, container) (increase(kube_pod_container_status_restarts_total{ {{- .namespace | trimSuffix "," -}} }[10m])) > 0
          and on (cluster, namespace, pod, container)
          max by (cluster, namespace, pod, container) (kube_pod_container_status_last_terminated_reason{ {{- .namespace -}} reason="OOMKilled"}) == 1
        )
        {{ include "model-serving.ofDeployment" . }}
      labels:
        severity: warning
      annotations:
        summary: A container of a model server was killed for want of memory.
        description: "[[ $labels.container ]] in the pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] was killed at its memory limit and started anew."
{{- end }}

{{/* By the names of client_java or of Micrometer, whichever the server has. */}}
{{- define "model-serving.jvmRules" -}}
- name: {{ .name }}.jvm
  rules:
    - alert: KubeServeHeapNearLimit
      expr: |-
        sum by (cluster, namespace, deployment, pod) (jvm_memory_used_bytes{area="heap",{{ .server }}})
        / sum by (cluster, namespace, deployment, pod) (jvm_memory_max_bytes{area="heap",{{ .server }}} > 0) > 0.9
      for: 15m
      labels:
        severity: warning
      annotations:
        summary: The heap of a model server stays nearly full.
        description: "The heap of the pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] is [[ $value | humanizePercentage ]] full."
    - alert: KubeServeGcTime
      expr: |-
        sum by (cluster, namespace, deployment, pod) (
          rate(jvm_gc_collection_seconds_sum{ {{- .server -}} }[5m]) or rate(jvm_gc_pause_seconds_sum{ {{- .server -}} }[5m])
        ) > 0.1
      for: 10m
      labels:
        severity: warning
      annotations:
        summary: A model server spends its time collecting garbage.
        description: "The pod [[ $labels.pod ]] of [[ $labels.namespace ]]/[[ $labels.deployment ]] spends [[ $value | humanizePercentage ]] of its time in garbage collection."
{{- end }}
