{{/* What is scraped and how: an endpoint of a ServiceMonitor or of a PodMonitor. */}}
{{- define "model-serving.endpoint" -}}
{{- $monitor := .Values.monitoring.serviceMonitor -}}
port: {{ include "model-serving.metricsPortName" . }}
path: {{ $monitor.path }}
scheme: {{ $monitor.scheme }}
interval: {{ $monitor.interval }}
scrapeTimeout: {{ $monitor.scrapeTimeout }}
honorLabels: {{ $monitor.honorLabels }}
{{- with $monitor.tlsConfig }}
tlsConfig:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $monitor.authorization }}
authorization:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $monitor.basicAuth }}
basicAuth:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if or $monitor.deploymentLabel $monitor.relabelings }}
relabelings:
  {{- if $monitor.deploymentLabel }}
  - action: replace
    targetLabel: deployment
    replacement: {{ include "model-serving.fullname" . | quote }}
  {{- end }}
  {{- with $monitor.relabelings }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- with $monitor.metricRelabelings }}
metricRelabelings:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* What a ServiceMonitor and a PodMonitor have in common beside the endpoint. */}}
{{- define "model-serving.monitorSpec" -}}
{{- $monitor := .Values.monitoring.serviceMonitor -}}
jobLabel: {{ $monitor.jobLabel | quote }}
selector:
  matchLabels:
    {{- include "model-serving.selectorLabels" . | nindent 4 }}
namespaceSelector:
  matchNames:
    - {{ .Release.Namespace | quote }}
{{- with $monitor.podTargetLabels }}
podTargetLabels:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- range $limit, $value := $monitor.limits }}
{{- if $value }}
{{ $limit }}: {{ include "model-serving.intOrString" $value }}
{{- end }}
{{- end }}
{{- with $monitor.scrapeClass }}
scrapeClass: {{ . | quote }}
{{- end }}
{{- with $monitor.scrapeProtocols }}
scrapeProtocols:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $monitor.nativeHistograms }}
{{- if .enabled }}
scrapeNativeHistograms: true
scrapeClassicHistograms: {{ .keepClassic }}
nativeHistogramBucketLimit: {{ .bucketLimit | int64 }}
{{- end }}
{{- end }}
{{- end }}

{{/* The metadata of a monitor. */}}
{{- define "model-serving.monitorMetadata" -}}
{{- $monitor := .Values.monitoring.serviceMonitor -}}
name: {{ include "model-serving.fullname" . | quote }}
namespace: {{ $monitor.namespace | default .Release.Namespace | quote }}
labels:
  {{- include "model-serving.labels" . | nindent 2 }}
  {{- include "model-serving.prometheusLabels" . | nindent 2 }}
  {{- with $monitor.labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- include "model-serving.annotations" (dict "root" $ "own" $monitor.annotations) | nindent 0 }}
{{- end }}
