#!/usr/bin/env bash
# Makes the schemas that the tests of the chart and of the dashboards read; see the README.md beside them.
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
readonly project

readonly OPERATOR=github.com/prometheus-operator/prometheus-operator@v0.93.0
readonly KEDA=github.com/kedacore/keda/v2@v2.21.0
readonly GRAFANA=@grafana/schema@13.2.3
readonly GENERATOR=ts-json-schema-generator@2.3.0

usage() {
  cat <<USAGE
Usage: ${0##*/} [--help] [FOLDER]

Writes the schemas of custom resources and of Grafana's dashboards into the test data of testing/charts, structure alone.

FOLDER has monitoring.coreos.com_*.yaml, keda.sh_scaledobjects.yaml and grafana-dashboard.schema.json. Without it they are
taken from these packages, which needs go and npm:
  $OPERATOR
  $KEDA
  $GRAFANA, by $GENERATOR
USAGE
}

die() {
  printf 'Error: %s\n' "$1" >&2
  exit 1
}

# module PATH@VERSION: prints the folder of a Go module.
module() {
  (cd "$work" && go mod download -json "$1") | sed -n 's/^\t"Dir": "\(.*\)",\{0,1\}$/\1/p'
}

# download FOLDER: puts the sources there.
download() {
  local tool
  for tool in go npm; do
    command -v "$tool" > /dev/null || die "$tool is not installed: install it, or name a folder of the sources"
  done
  cp "$(module "$OPERATOR")"/example/prometheus-operator-crd/monitoring.coreos.com_{service,pod}monitors.yaml "$1"
  cp "$(module "$OPERATOR")"/example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml "$1"
  cp "$(module "$KEDA")"/config/crd/bases/keda.sh_scaledobjects.yaml "$1"
  npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$work/npm" "$GRAFANA" "$GENERATOR"
  "$work/npm/node_modules/.bin/ts-json-schema-generator" --type Dashboard --no-type-check --jsDoc none \
    --path "$work/npm/node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen.d.ts" \
    --out "$1/grafana-dashboard.schema.json"
}

case ${1-} in
  -h | --help) usage; exit ;;
  -*) die "unknown option $1; see --help" ;;
esac
if [ $# -gt 0 ]; then
  [ -d "$1" ] || die "there is no folder $1"
  folder=$(cd "$1" && pwd)
else
  work=$(mktemp -d)
  trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
  folder=$work/sources
  mkdir "$folder"
  download "$folder"
fi
cd "$project"
./mvnw -q -B -ntp -pl testing/charts -am test -Dtest=SchemaFilesTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dschemas.source="$folder"
