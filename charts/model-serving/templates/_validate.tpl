{{/* Prometheus's durations in milliseconds. */}}
{{- define "model-serving.millis" -}}
{{- $units := dict "ms" 1 "s" 1000 "m" 60000 "h" 3600000 "d" 86400000 "w" 604800000 "y" 31536000000 }}
{{- $sum := 0 }}
{{- range regexFindAll "[0-9]+(ms|[smhdwy])" . -1 }}
{{- $sum = add $sum (mul (regexFind "^[0-9]+" .) (get $units (regexFind "[a-z]+$" .))) }}
{{- end }}
{{- $sum }}
{{- end }}

{{/* What cannot be meant: the render fails with a sentence that says what to change. */}}
{{- define "model-serving.validate" -}}
{{- $monitoring := .Values.monitoring }}
{{- $monitor := $monitoring.serviceMonitor }}
{{- if and $monitor.enabled $monitoring.podMonitor.enabled }}
{{- fail "monitoring.serviceMonitor.enabled and monitoring.podMonitor.enabled are both true, every pod would be scraped twice: set one of them to false." }}
{{- end }}
{{- if gt (include "model-serving.millis" $monitor.scrapeTimeout | int64) (include "model-serving.millis" $monitor.interval | int64) }}
{{- fail (printf "monitoring.serviceMonitor.scrapeTimeout (%s) is longer than its interval (%s), which Prometheus refuses: lower the one or raise the other." $monitor.scrapeTimeout $monitor.interval) }}
{{- end }}
{{- with $monitor.nativeHistograms }}
{{- if and .enabled (not .keepClassic) (not .dropClassicBuckets) }}
{{- fail "monitoring.serviceMonitor.nativeHistograms.keepClassic is false: Prometheus would drop the classic buckets, and dashboards and rules would go blank. Set keepClassic to true, or dropClassicBuckets to true if that is meant." }}
{{- end }}
{{- end }}
{{- if and .Values.autoscaling.enabled .Values.keda.enabled }}
{{- fail "autoscaling.enabled and keda.enabled are both true, they would fight over the number of pods: set one of them to false." }}
{{- end }}
{{- with .Values.autoscaling }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "autoscaling.minReplicas (%d) is more than maxReplicas (%d): lower the one or raise the other." (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- with .metrics }}
{{- if and $.Values.autoscaling.enabled (not (or .cpuUtilization .memoryUtilization .predictionsPerSecondPerPod .extra)) }}
{{- fail "autoscaling.enabled is true and every one of autoscaling.metrics is empty: give it something to scale by." }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.keda }}
{{- if and .enabled (gt (int .minReplicas) (int .maxReplicas)) }}
{{- fail (printf "keda.minReplicas (%d) is more than maxReplicas (%d): lower the one or raise the other." (int .minReplicas) (int .maxReplicas)) }}
{{- end }}
{{- end }}
{{- if and .Values.keda.enabled (not $monitor.deploymentLabel) }}
{{- fail "keda.enabled is true and monitoring.serviceMonitor.deploymentLabel is false: KEDA's query selects by that label, set it to true." }}
{{- end }}
{{- with $monitoring.prometheusRule }}
{{- $fastest := mulf 0.48 .slo.windowDays }}
{{- range $kind, $slo := dict "availability" .slo.availability "latency" .slo.latency }}
{{- if and $monitoring.prometheusRule.enabled (ge (mulf $fastest (divf (subf 100 $slo.objectivePercent) 100)) 1.0) }}
{{- fail (printf "monitoring.prometheusRule.slo.%s.objectivePercent (%v) allows so many bad predictions that the fast burn-rate alert, at %g times the budget, could never fire: raise it, or lower slo.windowDays." $kind $slo.objectivePercent $fastest) }}
{{- end }}
{{- end }}
{{- end }}
{{- with .Values.model }}
{{- if and (eq .source "persistentVolumeClaim") (not .persistentVolumeClaim.claimName) }}
{{- fail "model.source is persistentVolumeClaim, but model.persistentVolumeClaim.claimName is empty: name the claim that has the model." }}
{{- end }}
{{- if eq .source "objectStore" }}
{{- if not .objectStore.uri }}
{{- fail "model.source is objectStore, but model.objectStore.uri is empty: say where the model is, such as :s3:bucket/model.onnx." }}
{{- end }}
{{- if not .objectStore.existingSecret }}
{{- fail "model.source is objectStore, but model.objectStore.existingSecret is empty: name the Secret with the store's credentials." }}
{{- end }}
{{- end }}
{{- end }}
{{- if and .Values.ports.metrics (eq (int .Values.ports.metrics) (int .Values.ports.http)) }}
{{- fail (printf "ports.metrics and ports.http are both %d: give them two ports, or leave ports.metrics null to have /metrics on the other." (int .Values.ports.http)) }}
{{- end }}
{{- end }}
