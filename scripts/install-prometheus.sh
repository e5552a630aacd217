#!/usr/bin/env bash
# Installs kube-prometheus-stack by Helm, waits until Prometheus and Grafana are ready, and prints where they are.
set -euo pipefail

readonly CHART=oci://ghcr.io/prometheus-community/charts/kube-prometheus-stack
readonly PROMETHEUS_NODE_PORT=30090
readonly GRAFANA_NODE_PORT=30091

namespace=monitoring
release=kube-prometheus-stack
version=88.5.3
timeout=10m
context=
extra_values=()
existing_secret=
node_ports=true
demo_password=false
dry_run=false
uninstall=false
work=

usage() {
  cat <<USAGE
Usage: ${0##*/} [OPTION...]

Installs or upgrades kube-prometheus-stack: Prometheus with 30 days of retention, Grafana, and the CRDs of Prometheus
Operator. A second run changes nothing.

  --namespace NAME          namespace to install into (default: $namespace)
  --release NAME            name of the Helm release (default: $release)
  --version VERSION         version of the chart (default: $version)
  --context NAME            context of kubectl and Helm (default: the current one)
  --values FILE             further values for the chart; may be given more than once
  --timeout DURATION        how long to wait (default: $timeout)
  --no-node-ports           do not open ports $PROMETHEUS_NODE_PORT and $GRAFANA_NODE_PORT on every node
  --existing-secret NAME    Secret with Grafana's admin-user and admin-password
  --insecure-demo-password  let Grafana's password be "admin", for a demonstration nobody else can reach
  --dry-run                 print what would be done; nothing is changed
  --uninstall               remove the release; CRDs and volumes stay
  -h, --help                this text

Without one of the two options on passwords, the chart generates a password and keeps it in a Secret.
USAGE
}

die() {
  printf 'Error: %s\n' "$1" >&2
  exit "${2:-1}"
}

# value OPTION REST...: the value of an option that needs one.
value() {
  if [ $# -lt 2 ] || [ -z "$2" ]; then
    die "$1 needs a value; see --help" 2
  fi
  printf '%s' "$2"
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --namespace) namespace=$(value "$@"); shift ;;
      --release) release=$(value "$@"); shift ;;
      --version) version=$(value "$@"); shift ;;
      --context) context=$(value "$@"); shift ;;
      --values)
        extra_values+=("$(value "$@")")
        shift
        ;;
      --timeout) timeout=$(value "$@"); shift ;;
      --existing-secret) existing_secret=$(value "$@"); shift ;;
      --no-node-ports) node_ports=false ;;
      --insecure-demo-password) demo_password=true ;;
      --dry-run) dry_run=true ;;
      --uninstall) uninstall=true ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) die "unknown option $1; see --help" 2 ;;
    esac
    shift
  done
  if [ "$demo_password" = true ] && [ -n "$existing_secret" ]; then
    die "--insecure-demo-password and --existing-secret exclude each other" 2
  fi
  local file
  for file in ${extra_values[@]+"${extra_values[@]}"}; do
    [ -r "$file" ] || die "--values: there is no readable file $file" 2
  done
}

kube() { kubectl ${context:+--context "$context"} "$@"; }
charts() { helm ${context:+--kube-context "$context"} "$@"; }

require() {
  command -v "$1" > /dev/null || die "$1 is not installed; see $2"
}

check_tools() {
  require helm https://helm.sh/docs/intro/install/
  require kubectl https://kubernetes.io/docs/tasks/tools/
  kube version --request-timeout=10s > /dev/null 2>&1 \
    || die "the cluster does not answer: check 'kubectl ${context:+--context $context }version'"
}

# write_values: the values of a small stack, with selectors that match every monitor and rule.
write_values() {
  cat <<VALUES
prometheus:
  prometheusSpec:
    retention: 30d
    retentionSize: 18GB
    serviceMonitorSelectorNilUsesHelmValues: false
    podMonitorSelectorNilUsesHelmValues: false
    ruleSelectorNilUsesHelmValues: false
    storageSpec:
      volumeClaimTemplate:
        spec:
          accessModes: [ReadWriteOnce]
          resources:
            requests:
              storage: 20Gi
VALUES
  if [ "$node_ports" = true ]; then
    cat <<VALUES
  service:
    type: NodePort
    nodePort: $PROMETHEUS_NODE_PORT
grafana:
  service:
    type: NodePort
    nodePort: $GRAFANA_NODE_PORT
VALUES
  else
    echo 'grafana:'
  fi
  cat <<VALUES
  sidecar:
    dashboards:
      searchNamespace: ALL
VALUES
  if [ -n "$existing_secret" ]; then
    cat <<VALUES
  admin:
    existingSecret: $existing_secret
VALUES
  elif [ "$demo_password" = true ]; then
    cat <<VALUES
  adminPassword: admin
VALUES
  fi
}

wait_until_ready() {
  echo "Waiting for the CRDs, Prometheus and Grafana (at most $timeout each)"
  kube wait --for=condition=Established --timeout="$timeout" \
    crd/servicemonitors.monitoring.coreos.com crd/podmonitors.monitoring.coreos.com \
    crd/prometheusrules.monitoring.coreos.com crd/prometheuses.monitoring.coreos.com > /dev/null
  kube wait --namespace "$namespace" --for=condition=Available --timeout="$timeout" \
    prometheus --selector "release=$release" > /dev/null
  kube rollout status --namespace "$namespace" --timeout="$timeout" "deployment/$release-grafana" > /dev/null
}

print_access() {
  cat <<ACCESS

Prometheus and Grafana are ready.
ACCESS
  if [ "$node_ports" = true ]; then
    cat <<ACCESS
  Prometheus  http://localhost:$PROMETHEUS_NODE_PORT
  Grafana     http://localhost:$GRAFANA_NODE_PORT
Where the nodes' ports cannot be reached, such as with kind:
ACCESS
  fi
  local secret=${existing_secret:-$release-grafana}
  cat <<ACCESS
  kubectl port-forward -n $namespace svc/$release-prometheus $PROMETHEUS_NODE_PORT:9090
  kubectl port-forward -n $namespace svc/$release-grafana $GRAFANA_NODE_PORT:80
Grafana's user is in the Secret $secret (admin-user), its password too:
  kubectl get secret -n $namespace $secret -o jsonpath='{.data.admin-password}' | base64 -d
ACCESS
}

cleanup() {
  rm -rf "$work"
}

install_stack() {
  local files=() file
  work=$(mktemp -d)
  # Each by itself: a signal during the exit would skip what the exit has to do.
  trap cleanup EXIT
  trap 'cleanup; exit 129' HUP
  trap 'cleanup; exit 130' INT
  trap 'cleanup; exit 143' TERM
  write_values > "$work/values.yaml"
  for file in "$work/values.yaml" ${extra_values[@]+"${extra_values[@]}"}; do
    files+=(--values "$file")
  done
  if [ "$dry_run" = true ]; then
    echo "Would install $CHART $version as $release into $namespace, with these values:"
    sed 's/^/  /; s/adminPassword: .*/adminPassword: (not shown)/' "$work/values.yaml"
    return
  fi
  if [ "$demo_password" = true ]; then
    echo "Warning: Grafana's password is the one everybody knows. Let nobody else reach this cluster." >&2
  fi
  echo "Installing $CHART $version as $release into $namespace"
  charts upgrade "$release" "$CHART" --install --version "$version" --namespace "$namespace" --create-namespace \
    --wait --timeout "$timeout" "${files[@]}" > /dev/null \
    || die "Helm could not install $release: see 'helm status $release -n $namespace' and 'kubectl get pods -n $namespace'"
  wait_until_ready
  print_access
}

remove_stack() {
  if [ "$dry_run" = true ]; then
    echo "Would remove $release from $namespace; CRDs and volumes would stay."
    return
  fi
  charts uninstall "$release" --namespace "$namespace" --ignore-not-found --wait --timeout "$timeout" > /dev/null
  echo "$release is removed from $namespace. CRDs and volumes stay: they hold monitors, rules and history."
}

parse "$@"
check_tools
if [ "$uninstall" = true ]; then
  remove_stack
else
  install_stack
fi
