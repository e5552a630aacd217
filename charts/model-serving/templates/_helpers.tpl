{{- define "model-serving.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "model-serving.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "model-serving.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "model-serving.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "model-serving.selectorLabels" -}}
app.kubernetes.io/name: {{ include "model-serving.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end }}

{{- define "model-serving.labels" -}}
{{ include "model-serving.selectorLabels" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | trunc 63 | quote }}
app.kubernetes.io/component: model-server
app.kubernetes.io/part-of: kubeserve
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" | quote }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The label by which the Prometheus of a release of kube-prometheus-stack selects monitors and rules. */}}
{{- define "model-serving.prometheusLabels" -}}
{{- with .Values.monitoring.prometheusRelease }}
release: {{ . | quote }}
{{- end }}
{{- end }}

{{/* Annotations of an object: dict "root" $ "own" (its own). */}}
{{- define "model-serving.annotations" -}}
{{- with merge (dict) (.own | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "model-serving.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "model-serving.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "model-serving.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* The name of the port that has /metrics, of the Service and of the container alike. */}}
{{- define "model-serving.metricsPortName" -}}
{{- if .Values.ports.metrics }}metrics{{ else }}http{{ end }}
{{- end }}

{{- define "model-serving.modelPath" -}}
{{- printf "%s/%s" (trimSuffix "/" .Values.model.mountPath) .Values.model.file }}
{{- end }}

{{- define "model-serving.deploymentId" -}}
{{- .Values.ingress.deploymentId | default .Release.Name }}
{{- end }}

{{/* Predictions per second of this deployment, as one number. */}}
{{- define "model-serving.predictionRateQuery" -}}
sum(rate(predictions_total{namespace="{{ .Release.Namespace }}",deployment="{{ include "model-serving.fullname" . }}"}[2m]))
{{- end }}

{{/* A number without an exponent, which YAML would read as a fraction, or a string as such. */}}
{{- define "model-serving.intOrString" -}}
{{ if kindIs "string" . }}{{ . | quote }}{{ else }}{{ int64 . }}{{ end }}
{{- end }}
