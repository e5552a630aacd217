#!/usr/bin/env bash
# Imports every dashboard of a folder into Grafana by its HTTP API, through a port-forward, and prints their URLs.
set -euo pipefail
umask 077

readonly FOLDER_UID=kubeserve
readonly FOLDER_TITLE=KubeServe
readonly GRAFANA_NODE_PORT=30091
readonly WAIT_SECONDS=60

namespace=monitoring
release=kube-prometheus-stack
context=
secret=
url=
dashboards=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/grafana/dashboards
dry_run=false
work=
forward_pid=

usage() {
  cat <<USAGE
Usage: ${0##*/} [OPTION...]

Imports all dashboards of grafana/dashboards into Grafana's folder "$FOLDER_TITLE". A dashboard that is there already and
the same stays as it is. For a Grafana with a sidecar, the chart's monitoring.dashboards.enabled=true is the better way.

  --namespace NAME   namespace of Grafana (default: $namespace)
  --release NAME     Helm release of kube-prometheus-stack (default: $release)
  --context NAME     context of kubectl (default: the current one)
  --secret NAME      Secret with admin-user and admin-password (default: RELEASE-grafana)
  --url URL          address of a Grafana that can be reached without a port-forward
  --dashboards DIR   folder of the dashboards (default: grafana/dashboards beside this script's folder)
  --dry-run          check the files and print what would be done; nothing is asked or changed
  -h, --help         this text

Credentials are taken from the environment if GRAFANA_TOKEN is set, or GRAFANA_PASSWORD (and GRAFANA_USER, by default
admin); otherwise from the Secret.
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
      --context) context=$(value "$@"); shift ;;
      --secret) secret=$(value "$@"); shift ;;
      --url) url=$(value "$@"); shift ;;
      --dashboards) dashboards=$(value "$@"); shift ;;
      --dry-run) dry_run=true ;;
      -h | --help)
        usage
        exit 0
        ;;
      *) die "unknown option $1; see --help" 2 ;;
    esac
    shift
  done
  url=${url%/}
  secret=${secret:-$release-grafana}
  compgen -G "$dashboards/*.json" > /dev/null || die "--dashboards: there is no dashboard in $dashboards" 2
}

kube() { kubectl ${context:+--context "$context"} "$@"; }

require() {
  command -v "$1" > /dev/null || die "$1 is not installed; see $2"
}

cleanup() {
  if [ -n "$forward_pid" ]; then
    kill "$forward_pid" 2> /dev/null || true
    wait "$forward_pid" 2> /dev/null || true
  fi
  rm -rf "$work"
}

prepare() {
  work=$(mktemp -d)
  # Each by itself: a signal during the exit would skip what the exit has to do.
  trap cleanup EXIT
  trap 'cleanup; exit 129' HUP
  trap 'cleanup; exit 130' INT
  trap 'cleanup; exit 143' TERM
}

# forward: sets url to a local port that leads to Grafana.
forward() {
  local port='' second
  # Both are read before the child may have opened them.
  : > "$work/forward"
  : > "$work/forward.err"
  # Not by kube: a function in the background is a shell of its own, and killing that would leave kubectl behind.
  kubectl ${context:+--context "$context"} port-forward --namespace "$namespace" "service/$release-grafana" :80 \
    > "$work/forward" 2> "$work/forward.err" &
  forward_pid=$!
  for ((second = 0; second < WAIT_SECONDS * 5; second++)); do
    port=$(sed -n 's/^Forwarding from 127\.0\.0\.1:\([0-9]*\) .*/\1/p' "$work/forward")
    if [ -n "$port" ]; then
      url=http://127.0.0.1:$port
      return
    fi
    kill -0 "$forward_pid" 2> /dev/null || break
    sleep 0.2
  done
  die "kubectl could not forward a port to service/$release-grafana in $namespace: $(cat "$work/forward.err")"
}

# quoted TEXT: as curl's configuration wants it.
quoted() {
  local text=${1//\\/\\\\}
  printf '"%s"' "${text//\"/\\\"}"
}

# write_credentials: into a file that nobody else may read; in an argument every process of the machine could.
write_credentials() {
  local user password
  if [ -n "${GRAFANA_TOKEN:-}" ]; then
    printf 'header = %s\n' "$(quoted "Authorization: Bearer $GRAFANA_TOKEN")"
  else
    user=${GRAFANA_USER:-admin}
    password=${GRAFANA_PASSWORD:-}
    if [ -z "$password" ]; then
      user=$(secret_key admin-user)
      password=$(secret_key admin-password)
    fi
    printf 'user = %s\n' "$(quoted "$user:$password")"
  fi > "$work/credentials"
}

secret_key() {
  local encoded
  encoded=$(kube get secret --namespace "$namespace" "$secret" --output "jsonpath={.data.$1}" 2> /dev/null) || encoded=
  [ -n "$encoded" ] \
    || die "there is no $1 in the Secret $secret of $namespace: name it with --secret, or set GRAFANA_TOKEN or GRAFANA_PASSWORD"
  printf '%s' "$encoded" | base64 -d
}

# api METHOD PATH [BODY_FILE]: sets status; the answer is in $work/answer.
api() {
  local arguments=(--silent --show-error --request "$1" --max-time 30 --output "$work/answer" --write-out '%{http_code}')
  if [ $# -gt 2 ]; then
    arguments+=(--header 'Content-Type: application/json' --data-binary "@$3")
  fi
  status=$(curl --config "$work/credentials" "${arguments[@]}" "$url$2" 2> "$work/curl.err") || status=000
}

answer() {
  jq --raw-output '.message // empty' "$work/answer" 2> /dev/null || true
}

wait_for_grafana() {
  local second
  for ((second = 0; second < WAIT_SECONDS; second++)); do
    api GET /api/health
    [ "$status" = 200 ] && break
    sleep 1
  done
  [ "$status" = 200 ] || die "Grafana does not answer at $url: $(cat "$work/curl.err")"
  api GET /api/org
  case $status in
    200) ;;
    401 | 403) die "Grafana refuses the credentials: check the Secret $secret, or GRAFANA_TOKEN or GRAFANA_PASSWORD" ;;
    *) die "Grafana answers $status to its organisation: $(answer)" ;;
  esac
}

ensure_folder() {
  api GET "/api/folders/$FOLDER_UID"
  [ "$status" = 200 ] && return
  printf '{"uid": "%s", "title": "%s"}' "$FOLDER_UID" "$FOLDER_TITLE" > "$work/folder"
  api POST /api/folders "$work/folder"
  case $status in
    200 | 409 | 412) ;;
    *) die "Grafana answers $status to the folder $FOLDER_TITLE: $(answer)" ;;
  esac
}

report() {
  printf '%-10s %-28s %s\n' "$1" "$2" "$3"
}

# import FILE: reports one dashboard; fails if it could not be imported.
import() {
  local name uid result=created
  name=$(basename "$1")
  if ! uid=$(jq --raw-output --exit-status 'if .title then .uid else empty end' "$1" 2> "$work/jq.err"); then
    report FAILED "$name" "is no dashboard with a uid and a title: $(head -n 1 "$work/jq.err")"
    return 1
  fi
  if [ "$dry_run" = true ]; then
    report 'would do' "$name" "import as $uid"
    return
  fi
  api GET "/api/dashboards/uid/$uid"
  if [ "$status" = 200 ]; then
    result=updated
    if [ "$(jq --sort-keys '.dashboard | del(.id, .version)' "$work/answer")" = "$(jq --sort-keys 'del(.id, .version)' "$1")" ] \
      && [ "$(jq --raw-output '.meta.folderUid' "$work/answer")" = "$FOLDER_UID" ]; then
      report unchanged "$name" "$(public_url "$(jq --raw-output '.meta.url' "$work/answer")")"
      return
    fi
  fi
  jq --arg folder "$FOLDER_UID" '{dashboard: (del(.version) | .id = null), folderUid: $folder, overwrite: true}' "$1" > "$work/body"
  api POST /api/dashboards/db "$work/body"
  if [ "$status" != 200 ]; then
    report FAILED "$name" "Grafana answers $status: $(answer)"
    return 1
  fi
  report "$result" "$name" "$(public_url "$(jq --raw-output '.url' "$work/answer")")"
}

# public_url PATH: the forwarded port is gone when the script is.
public_url() {
  if [ -n "$forward_pid" ]; then
    printf 'http://localhost:%s%s' "$GRAFANA_NODE_PORT" "$1"
  else
    printf '%s%s' "$url" "$1"
  fi
}

main() {
  local file failed=0
  parse "$@"
  require jq https://jqlang.org/download/
  prepare
  if [ "$dry_run" = false ]; then
    require curl https://curl.se/download.html
    if [ -z "$url" ] || { [ -z "${GRAFANA_TOKEN:-}" ] && [ -z "${GRAFANA_PASSWORD:-}" ]; }; then
      require kubectl https://kubernetes.io/docs/tasks/tools/
    fi
    write_credentials
    [ -n "$url" ] || forward
    wait_for_grafana
    ensure_folder
  fi
  for file in "$dashboards"/*.json; do
    import "$file" || failed=$((failed + 1))
  done
  if [ -n "$forward_pid" ]; then
    echo "Where port $GRAFANA_NODE_PORT of the nodes cannot be reached:"
    echo "  kubectl port-forward -n $namespace svc/$release-grafana $GRAFANA_NODE_PORT:80"
  fi
  [ "$failed" -eq 0 ] || die "$failed dashboards could not be imported"
}

main "$@"
