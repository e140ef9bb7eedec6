{{/* Name of the release's objects; the longest suffix must fit into 63 characters. */}}
{{- define "shunt.fullname" -}}
{{- $name := .Values.fullnameOverride | default (contains "shunt" .Release.Name | ternary .Release.Name (printf "%s-shunt" .Release.Name)) -}}
{{- $name | trunc 47 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of a component: (list . "node") */}}
{{- define "shunt.component" -}}
{{- printf "%s-%s" (include "shunt.fullname" (index . 0)) (index . 1) -}}
{{- end -}}

{{/* Labels that select a component's pods; they never change between versions. */}}
{{- define "shunt.selectorLabels" -}}
app.kubernetes.io/name: shunt
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "shunt.labels" -}}
{{ include "shunt.selectorLabels" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "%s-%s" (index . 0).Chart.Name ((index . 0).Chart.Version | replace "+" "_") }}
{{- end -}}

{{- define "shunt.image" -}}
{{- with .Values.image -}}
{{- if .digest }}{{ .repository }}@{{ .digest }}{{ else }}{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}{{ end -}}
{{- end -}}
{{- end -}}

{{- define "shunt.pullSecrets" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* For pods that need nothing of the host: not root, nothing writable, no capability. */}}
{{- define "shunt.restrictedPod" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "shunt.restrictedContainer" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{/* Where the JVM unpacks its native libraries; the root file system is read-only. */}}
{{- define "shunt.tmpVolume" -}}
- name: tmp
  emptyDir: {sizeLimit: 64Mi}
{{- end -}}

{{/* The audience that binds a node's token to the control plane: no other service accepts it. */}}
{{- define "shunt.tokenAudience" -}}shunt-control-plane{{- end -}}
