{{/* The ratio of bad predictions: those that failed, or those slower than the threshold. */}}
{{- define "model-serving.badRatio" -}}
{{- if eq .kind "errors" -}}
(
  sum by ({{ .by }}) (rate(predictions_total{status!="success",{{ .server }}}[{{ .window }}]))
  or 0 * sum by ({{ .by }}) (rate(predictions_total{ {{- .server -}} }[{{ .window }}]))
)
/ (sum by ({{ .by }}) (rate(predictions_total{ {{- .server -}} }[{{ .window }}])) > 0)
{{- else -}}
1 - sum by ({{ .by }}) (rate(prediction_latency_ms_bucket{le=~"{{ .slo.latency.thresholdMillis }}(\\.0)?",{{ .server }}}[{{ .window }}]))
/ (sum by ({{ .by }}) (rate(prediction_latency_ms_count{ {{- .server -}} }[{{ .window }}])) > 0)
{{- end }}
{{- end }}

{{- define "model-serving.sloRules" -}}
{{- $objective := ternary .slo.availability.objectivePercent .slo.latency.objectivePercent (eq .kind "errors") }}
{{- $budget := divf (subf 100 $objective) 100 }}
{{- $days := .slo.windowDays }}
{{- $record := printf "deployment:predictions_%s" .kind }}
{{- $alert := ternary "KubeServeErrorBudgetBurn" "KubeServeLatencyBudgetBurn" (eq .kind "errors") }}
{{- $bad := ternary "failed" (printf "took longer than %v ms" .slo.latency.thresholdMillis) (eq .kind "errors") }}
- name: {{ .name }}.{{ .kind }}.records
  rules:
    {{- range list "5m" "30m" "1h" "2h" "6h" "1d" "3d" }}
    - record: {{ $record }}:ratio_rate{{ . }}
      expr: |-
        {{- include "model-serving.badRatio" (merge (dict "window" .) $) | nindent 8 }}
    {{- end }}
    - record: {{ $record }}:budget
      expr: {{ printf "%g" $budget }} * group by ({{ .by }}) (up{ {{- .server -}} })
- name: {{ .name }}.{{ .kind }}.window
  interval: 5m
  rules:
    - record: {{ $record }}:ratio_rate_window
      expr: |-
        {{- include "model-serving.badRatio" (merge (dict "window" (printf "%dd" (int $days))) .) | nindent 8 }}
- name: {{ .name }}.{{ .kind }}.alerts
  rules:
    {{- range list
      (dict "long" "1h" "short" "5m" "factor" (mulf 0.48 $days) "for" "2m" "severity" "critical")
      (dict "long" "6h" "short" "30m" "factor" (mulf 0.2 $days) "for" "15m" "severity" "critical")
      (dict "long" "1d" "short" "2h" "factor" (mulf 0.1 $days) "for" "1h" "severity" "warning")
      (dict "long" "3d" "short" "6h" "factor" (divf $days 30) "for" "3h" "severity" "warning") }}
    - alert: {{ $alert }}
      expr: |-
        {{ $record }}:ratio_rate{{ .long }}{ {{- $.server -}} } > {{ printf "%.4g * %g" .factor $budget }}
        and on ({{ $.by }})
        {{ $record }}:ratio_rate{{ .short }}{ {{- $.server -}} } > {{ printf "%.4g * %g" .factor $budget }}
        and on ({{ $.by }})
        sum by ({{ $.by }}) (increase(predictions_total{ {{- $.server -}} }[{{ .long }}])) >= {{ int $.slo.minPredictions }}
      for: {{ .for }}
      labels:
        severity: {{ .severity }}
        long: {{ .long }}
        short: {{ .short }}
      annotations:
        summary: The {{ ternary "error" "latency" (eq $.kind "errors") }} budget of a model server is being used up too fast.
        description: "[[ $value | humanizePercentage ]] of the predictions of [[ $labels.namespace ]]/[[ $labels.deployment ]] {{ $bad }} over {{ .long }}: at {{ printf "%.4g" .factor }} times the rate or more that the objective of {{ $objective }}% over {{ $days }} days allows."
    {{- end }}
{{- end }}
