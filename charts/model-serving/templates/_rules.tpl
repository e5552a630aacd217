{{/*
Rules for the deployment of this release, or for every model server of the cluster. [[ ]] are the braces of Prometheus's
own templates. Burn rates with several windows are those of the SRE Workbook, chapter 5, scaled to the window.
*/}}
{{- define "model-serving.ruleGroups" -}}
{{- $rule := .Values.monitoring.prometheusRule }}
{{- $release := printf "namespace=%q,deployment=%q" .Release.Namespace (include "model-serving.fullname" .) }}
{{- $all := $rule.allDeployments }}
{{- $context := dict
  "name" (ternary "kubeserve" (printf "kubeserve-%s" (include "model-serving.fullname" .)) $all)
  "server" (ternary "deployment!=\"\"" $release $all)
  "kube" (ternary "" $release $all)
  "namespace" (ternary "" (printf "namespace=%q," .Release.Namespace) $all)
  "by" "cluster, namespace, deployment"
  "slo" $rule.slo
  "sampleLimit" (int .Values.monitoring.serviceMonitor.limits.sampleLimit)
  "runbooks" $rule.runbookUrl }}
{{- $groups := list }}
{{- range list "errors" "slow" }}
{{- $groups = concat $groups (include "model-serving.sloRules" (merge (dict "kind" .) $context) | replace "[[" "{{" | replace "]]" "}}" | fromYamlArray) }}
{{- end }}
{{- range list "scrape" "workload" "jvm" }}
{{- $groups = concat $groups (include (printf "model-serving.%sRules" .) $context | replace "[[" "{{" | replace "]]" "}}" | fromYamlArray) }}
{{- end }}
{{- range $group := $groups }}
{{- range $group.rules }}
{{- if .alert }}
{{- $_ := set .annotations "runbook_url" (printf "%s/%s.md" (trimSuffix "/" $rule.runbookUrl) .alert) }}
{{- end }}
{{- if $rule.additionalRuleLabels }}
{{- $_ := set . "labels" (merge (dict) (.labels | default dict) $rule.additionalRuleLabels) }}
{{- end }}
{{- end }}
{{- end }}
{{- toYaml (concat $groups $rule.additionalGroups) }}
{{- end }}

{{/* Matches series of cAdvisor and kube-state-metrics, which know pods, to the deployment of their target. */}}
{{- define "model-serving.ofDeployment" -}}
* on (cluster, namespace, pod) group_left (deployment) group by (cluster, namespace, pod, deployment) (up{ {{- .server -}} })
{{- end }}
